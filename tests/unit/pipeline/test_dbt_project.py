"""What the parsed project may hold, as all partners of a process share it."""

from pipeline.dbt_parse import PROJECT


def files_that_say(word: str) -> set[str]:
    return {
        path.relative_to(PROJECT).as_posix()
        for path in PROJECT.rglob("*")
        if path.suffix in {".sql", ".yml"} and word in path.read_text(encoding="utf-8")
    }


def test_nothing_but_the_lake_macros_and_the_profile_tells_partners_apart() -> None:
    assert files_that_say("var(") == {
        "macros/engine/is_tenant_kept.sql",
        "macros/engine/lake_files.sql",
        "macros/engine/x_lake.sql",  # whether anybody is left out
        "profiles.yml",
    }
    assert files_that_say("env_var(") == {"profiles.yml"}
