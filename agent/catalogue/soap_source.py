"""SA-25xx: web services that speak SOAP."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2501": Explanation(
        "The WSDL cannot be used",
        "The file is missing, is no WSDL, has a document type, or imports a file that does not "
        "lie beside it. Nothing of a WSDL is fetched from the network.",
        "Save it anew with everything it imports: python -m connectors.soap.saving ADDRESS FOLDER.",
    ),
    "SA-2502": Explanation(
        "The WSDL has no such service, port or operation",
        "A name in the configuration is not in the WSDL. Upper and lower case count.",
        "Take a name that the hint lists, or save the WSDL anew where the service has changed.",
    ),
    "SA-2503": Explanation(
        "The parameters do not fit the operation",
        "A parameter is not one of the operation's, is nested differently, or a needed one is "
        "missing.",
        "Compare `parameters` and `login` with what the hint shows, or with syncagent check.",
    ),
    "SA-2504": Explanation(
        "The service refuses the question",
        "It answered a fault whose code says that the fault lies with the caller (Client, Sender).",
        "Read the fault's words and correct the parameters. Where the code really means `try "
        "later`, name it in `busy_faults`; where it means a wrong log-in, in `login_faults`.",
    ),
    "SA-2505": Explanation(
        "The service refuses our log-in",
        "It answered a fault that `login_faults` names. No second attempt is made.",
        "Correct user and password, then resume the flow.",
    ),
    "SA-2506": Explanation(
        "The service failed",
        "It answered a fault of its own (Server, Receiver), one that `busy_faults` names, or one "
        "without a known code.",
        "Nothing, if it passes: the run is repeated. Otherwise show the fault's words to whoever "
        "runs the service.",
    ),
    "SA-2507": Explanation(
        "The service answers no usable XML",
        "The answer is cut off, no SOAP of the WSDL's version, nested too deeply, or holds a "
        "document type or entities, which are refused. A proxy or a maintenance page may answer "
        "in the service's place.",
        "Nothing, if it passes: the run is repeated. Otherwise look at what the address answers.",
    ),
    "SA-2508": Explanation(
        "The answer is not what the WSDL describes",
        "The service has changed since its WSDL was saved, or never kept to it.",
        "Save the WSDL anew; `strict: off` passes over elements that it does not know.",
    ),
    "SA-2509": Explanation(
        "The SOAP library is not installed",
        "The kind `soap` needs zeep, which is installed on request only.",
        "Install it: pip install 'syncagent[soap]'.",
    ),
}
