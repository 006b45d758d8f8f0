"""How single values are read from the parameters of an address."""

from collections.abc import Callable, Mapping, Sequence

Params = Mapping[str, Sequence[str]]
Filters = tuple[tuple[str, tuple[str, ...]], ...]


def one(params: Params, name: str) -> str:
    """Return the last value of a parameter, or `""`."""
    values = params.get(name) or ("",)
    return values[-1]


def checked(params: Params, name: str, default: str, accepts: Callable[[str], bool]) -> str:
    """Return the value of a parameter if it is accepted, or the default."""
    value = one(params, name)
    return value if value and accepts(value) else default


def filters_of(params: Params, accepts: Callable[[str], bool]) -> Filters:
    """Return the permitted values by each name that is a filter, sorted; `""` is no value."""
    return tuple(
        sorted(
            (name, tuple(sorted(set(values))))
            for name, values in params.items()
            if values and accepts(name)
        )
    )


def with_filter(filters: Filters, key: str, values: Sequence[str]) -> Filters:
    """Return the filters with one replaced; no values removes it."""
    replaced = dict(filters) | {key: tuple(sorted(set(values)))}
    return tuple(sorted((name, chosen) for name, chosen in replaced.items() if chosen))
