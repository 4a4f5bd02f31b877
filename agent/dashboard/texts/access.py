"""Log-in, and what people did."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "log_in": Text("Log in", "Accedi"),
    "name": Text("Name", "Nome"),
    "password": Text("Password", "Password"),
    "refused_SA-7510": Text(
        "Name or password are wrong. Try again.", "Nome o password non validi. Riprova."
    ),
    "refused_SA-7513": Text(
        "Too many attempts. Wait a quarter of an hour, then try again.",
        "Troppi tentativi. Attendi un quarto d'ora, poi riprova.",
    ),
    "nobody_yet": Text(
        "Nobody may log in yet. On the machine of the agent: syncagent users add NAME --role admin",
        "Nessuno può ancora accedere. Sulla macchina dell'agente: "
        "syncagent users add NOME --role admin",
    ),
    "when": Text("When", "Quando"),
    "who": Text("Who", "Chi"),
    "what": Text("What", "Che cosa"),
    "about": Text("About", "Dettagli"),
    "role": Text("Role", "Ruolo"),
    "no_deeds": Text("Nobody did anything yet.", "Nessuno ha ancora fatto nulla."),
}
