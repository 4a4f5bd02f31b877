"""Users, roles and passwords."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "people": Text("Users", "Utenti"),
    "user_since": Text("Since", "Dal"),
    "add_user": Text("Let somebody in", "Aggiungi un utente"),
    "add": Text("Add", "Aggiungi"),
    "remove": Text("Remove", "Rimuovi"),
    "remove_user": Text("Remove {name}", "Rimuovi {name}"),
    "change": Text("Change", "Cambia"),
    "change_user": Text("Role and password of {name}", "Ruolo e password di {name}"),
    "role_of": Text("Role of {name}", "Ruolo di {name}"),
    "set_role": Text("Change the role", "Cambia ruolo"),
    "new_password": Text("New password", "Nuova password"),
    "new_password_again": Text("The same again", "Ancora la stessa"),
    "old_password": Text("Old password", "Password attuale"),
    "set_password": Text("Set the password", "Imposta la password"),
    "password_rule": Text(
        "12 characters or more. Three or four words that do not belong together are good.",
        "Almeno 12 caratteri. Vanno bene tre o quattro parole senza legame tra loro.",
    ),
    "role_name_viewer": Text("viewer", "viewer"),
    "role_name_operator": Text("operator", "operator"),
    "role_name_admin": Text("admin", "admin"),
    "roles_help": Text(
        "A viewer looks. An operator also decides: sends again, sets aside, settles orders, runs "
        "and halts flows. An admin also manages users and makes support bundles.",
        "Viewer: guarda. Operator: decide anche (riprova, mette da parte, sistema gli ordini, "
        "avvia e ferma i flussi). Admin: gestisce anche gli utenti e crea pacchetti di assistenza.",
    ),
    "account": Text("Your password", "La tua password"),
    "account_help": Text(
        "You are {name}. After the change you log in again, everywhere.",
        "Sei {name}. Dopo il cambio devi accedere di nuovo, ovunque.",
    ),
    "person": Text("Person", "Persona"),
    "everybody": Text("everybody", "tutti"),
    "show": Text("Show", "Mostra"),
    "done_user_added": Text("The user may log in now.", "Ora l'utente può accedere."),
    "done_role_changed": Text("The role is changed.", "Il ruolo è cambiato."),
    "done_password_set": Text(
        "The password is set. Tell it to the person, who then changes it.",
        "La password è impostata. Comunicala alla persona, che poi la cambierà.",
    ),
    "done_user_removed": Text(
        "The user may not log in any more.", "L'utente non può più accedere."
    ),
    "done_own_password": Text(
        "Your password is changed. Log in with the new one.",
        "La password è cambiata. Accedi con quella nuova.",
    ),
}
