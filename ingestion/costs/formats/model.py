"""What a family of export formats is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from ingestion.costs.fields import Columns, Field, key
from ingestion.costs.formats.tags import Tags


@dataclass(frozen=True)
class Family:
    """One family of cost exports: how it is recognised, which fields it has, how it maps.

    Attributes:
        name: focus, cur or azure; its SQL mapping is `<name>.sql` beside this module.
        label: What people call it.
        required: Keys of columns, each a set of spellings, that an export must have to be of it.
        fields: The fields its mapping reads.
        variant: Names the format within the family, such as `focus_1_2`, from the columns.
        tags: SQL for a line's tags as a JSON object in text, and for what is wrong with them.
        expected: Fields without which an amount is unknown, and what then is.
        is_known: Whether a column's name belongs to the format, read or not.
        words: By column of `cost_lines`, every text that the mapping itself may choose for it;
            columns that hold the source's own texts are not among them.
        derived: SQL of fields that no single column holds, by name.
    """

    name: str
    label: str
    required: tuple[tuple[str, ...], ...]
    fields: tuple[Field, ...]
    variant: Callable[[Columns], str]
    tags: Callable[[Columns], Tags]
    expected: tuple[tuple[str, str], ...]
    is_known: Callable[[str], bool]
    words: Mapping[str, tuple[str, ...]]
    derived: Callable[[Columns], dict[str, str]] = lambda _: {}

    def missing(self, columns: Columns) -> list[str]:
        """Return the required columns that the file lacks, by their first spelling."""
        return [group[0] for group in self.required if not columns.keys.intersection(group)]

    def likeness(self, columns: Columns) -> float:
        """Return the share of the file's columns that this family has, 0 to 1."""
        own = {wanted for declared in self.fields for wanted in declared.keys}
        return len(columns.keys & own) / max(len(columns.keys), 1)

    def remarks(self, columns: Columns) -> list[str]:
        """Return what a reader should know of absent and unknown columns, in sentences."""
        keys = {declared.name: declared.keys for declared in self.fields}
        remarks = [
            f"without the column {keys[name][0]}, {consequence}"
            for name, consequence in self.expected
            if not columns.keys.intersection(keys[name])
        ]
        read = {wanted for declared in self.fields for wanted in declared.keys}
        strange = [
            column.name
            for column in columns.all
            if key(column.name) not in read and not self.is_known(column.name)
        ]
        if strange:
            shown = ", ".join(strange[:5]) + (" …" if len(strange) > 5 else "")
            remarks.append(
                f"{len(strange)} columns that {self.label} does not have were not read: {shown}"
            )
        return remarks

    @cached_property
    def mapping(self) -> str:
        """SQL from `fields` to `cost_lines`, without the columns that the family cannot fill."""
        return files(__package__).joinpath(f"{self.name}.sql").read_text()
