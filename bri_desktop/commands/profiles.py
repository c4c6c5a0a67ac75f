"""Commands on what was learnt from earlier imports: profiles of ledgers, remembered place names."""

from bri_desktop.commands.base import app, context


@app.command()
def profiles() -> None:
    """List the profiles: which ledgers are known by their headers."""
    from bri_desktop.services.profiles import list_profiles

    with context.existing().read() as session:
        context.done("profiles", {"profiles": [profile.summary() for profile in list_profiles(session)]})


@app.command(name="profile-show")
def profile_show(name: str) -> None:
    """Show the columns, units and values of a profile."""
    from bri_desktop.services.profiles import get_profile

    with context.existing().read() as session:
        context.done("profile", get_profile(session, name).to_json())


@app.command(name="profile-rename")
def profile_rename(name: str, new_name: str) -> None:
    """Give a profile another name."""
    from bri_desktop.services.profiles import get_profile, rename_profile

    with context.existing().write() as session:
        rename_profile(session, name, new_name)
        context.done("profile", get_profile(session, new_name.strip()).to_json())


@app.command(name="profile-delete")
def profile_delete(name: str) -> None:
    """Forget a profile; records that came in by it stay."""
    from bri_desktop.services.profiles import delete_profile

    with context.existing().write() as session:
        delete_profile(session, name)
    context.done("profile", {"deleted": name})


@app.command(name="place-rules")
def place_rules() -> None:
    """List the remembered place names: which written name, under which country, is which place."""
    from bri_desktop.services.place_rules import list_rules

    with context.existing().read() as session:
        context.done("place-rules", {"rules": [rule.to_json() for rule in list_rules(session)]})


@app.command(name="place-rule-delete")
def place_rule_delete(rule: int) -> None:
    """Take a remembered place name back; records stay as they are, the name is asked about again."""
    from bri_desktop.services.place_rules import delete_rules

    with context.existing().write() as session:
        delete_rules(session, [rule])
    context.done("place-rules", {"deleted": rule})
