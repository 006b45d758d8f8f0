"""What a family of export formats is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from ingestion.costs.fields import Columns, Field


@dataclass(frozen=True)
class Family:
    """One family of cost exports: how it is recognised, which fields it has, how it maps.

    Attributes:
        name: focus, cur or azure; its SQL mapping is `<name>.sql` beside this module.
        label: What people call it.
        required: Keys of columns, each a set of spellings, that an export must have to be of it.
        fields: The fields its mapping reads.
        variant: Names the format within the family, such as `focus_1_2`, from the columns.
        tags: SQL for a line's tags as a JSON object in text, and SQL for what is wrong with them.
    """

    name: str
    label: str
    required: tuple[tuple[str, ...], ...]
    fields: tuple[Field, ...]
    variant: Callable[[Columns], str]
    tags: Callable[[Columns], tuple[str, str]]

    def missing(self, columns: Columns) -> list[str]:
        """Return the required columns that the file lacks, by their first spelling."""
        return [group[0] for group in self.required if not columns.keys.intersection(group)]

    @cached_property
    def mapping(self) -> str:
        """SQL from `fields` to `cost_lines`, without the columns that the family cannot fill."""
        return files(__package__).joinpath(f"{self.name}.sql").read_text()
