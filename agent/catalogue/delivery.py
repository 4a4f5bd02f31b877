"""SA-5xxx: delivery and targets."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5001": Explanation(
        "The target gave no answer for a message",
        "A batch was answered, but this message was not mentioned, or there was no answer at all. "
        "Whether it was taken over is not known.",
        "Nothing: it is sent again by itself, with the same id, so that it takes effect once. "
        "Where it stays so, the target does not answer per message as its protocol asks.",
    ),
    "SA-5002": Explanation(
        "The target refused a message without a reason",
        "The answer marks the message as refused and says nothing more.",
        "Look into the target's own log at that time. After the cause is removed: "
        "`syncagent outbox retry`.",
    ),
    "SA-5003": Explanation(
        "A connector failed unexpectedly",
        "The connector met something that its author did not foresee. This counts as an outage: "
        "the messages are sent again later.",
        "Look for the traceback in the log and report it. Where a single message is the cause, it "
        "is found by itself and parked with SA-5004.",
    ),
    "SA-5004": Explanation(
        "A connector fails on this message",
        "Sent alone the message made the connector fail, while others went through. It is parked "
        "so that it does not hold them up.",
        "Look at the record with `syncagent outbox show` for unusual values, and report the "
        "traceback in the log. After the cause is removed: `syncagent outbox retry`.",
    ),
    "SA-5005": Explanation(
        "Sending was interrupted",
        "The agent was stopped, or the target halted or paused, while a batch was being sent in "
        "parts, or while a comparison asked what the target holds.",
        "Nothing: the rest of the batch is sent as soon as the target may be reached again. A "
        "comparison is begun anew; where the target is halted, mend that first.",
    ),
    "SA-5006": Explanation(
        "It waits for another record",
        "The record names another one, a customer or an article, that the target does not have "
        "yet, or whose number there is not known.",
        "Nothing, where that record is on its way: this one follows by itself. Else see why the "
        "other one is not there: `syncagent outbox list --state parked`.",
    ),
    "SA-5007": Explanation(
        "The template cannot be filled in",
        "An expression of the target's template names a field that the record lacks, or computes "
        "with a value that does not allow it.",
        "Correct the template, or have the flow's mapping fill the field; then retry the record.",
    ),
    "SA-5008": Explanation(
        "Its flow is not configured any more",
        "The record was taken over by a flow that has gone from the configuration, and several "
        "flows write to this target in different ways, so nobody knows how this one is written.",
        "Put the flow back and retry the record, or ignore it.",
    ),
    "SA-5010": Explanation(
        "In doubt: it may have been written already",
        "The connection broke, or the agent was stopped, while the record was being written, and "
        "the target cannot be asked whether it is there.",
        "Look in the target's own program for the record's number. There: `syncagent orders "
        "confirm`. Not there: `syncagent orders retry`.",
    ),
    "SA-5101": Explanation(
        "Delivery stopped unexpectedly",
        "The agent itself failed while it delivered to a target. Nothing is lost: what was not "
        "settled stays in the outbox.",
        "Look for the traceback in the log and report it. Resuming the target or restarting the "
        "agent tries again.",
    ),
    "SA-5201": Explanation(
        "The server cannot be reached",
        "No connection could be made: the server is down, a firewall refuses, the network or the "
        "proxy is cut off.",
        "Nothing, if it is a passing outage: it is tried again by itself. Else try the address "
        "from this machine, and ask whoever runs firewall and proxy.",
    ),
    "SA-5202": Explanation(
        "The server's name cannot be resolved",
        "The name server does not know the host, or cannot be reached itself.",
        "Check the spelling of `url` and this machine's DNS settings.",
    ),
    "SA-5203": Explanation(
        "The server did not answer in time",
        "Connecting, a silence within the answer, or the request as a whole took longer than "
        "`connect_timeout`, `read_timeout` or `total_timeout` allow.",
        "Nothing, if it passes. If not: a smaller `batch_size`, or longer time-outs.",
    ),
    "SA-5204": Explanation(
        "The connection broke",
        "It ended before the answer was whole. Whether the batch was taken over is not known.",
        "Nothing: the batch is sent again with the same ids. Where every connection ends at once, "
        "the server may want a client certificate.",
    ),
    "SA-5205": Explanation(
        "The server answered with a redirect",
        "A portal or maintenance page stands before it. Redirects are never followed, so that no "
        "data and no log-in goes astray.",
        "Open the address in a browser on this machine to see what is there.",
    ),
    "SA-5206": Explanation(
        "The answer is not JSON",
        "Something else than the service answered: a log-in portal, a firewall, a "
        "maintenance page. What was sent counts as not known.",
        "Open the address in a browser on this machine. If `url` leads to a website instead of "
        "its service, correct it.",
    ),
    "SA-5207": Explanation(
        "The answer does not keep the protocol",
        "It is JSON, but not of the shape that the protocol asks for.",
        "Check that `url` leads to the right service, and report it to whoever runs it.",
    ),
    "SA-5208": Explanation(
        "The answer is too large",
        "It exceeds what is ever read, to protect this machine's memory.",
        "Report it to whoever runs the server; a smaller `batch_size` or page may help.",
    ),
    "SA-5211": Explanation(
        "The server asks us to wait",
        "It is busy (429) or out of service for a while (503). Its wish in Retry-After is kept, "
        "between one second and one hour.",
        "Nothing. If it happens all day, a lower rate or a larger `batch_size` makes fewer "
        "requests.",
    ),
    "SA-5212": Explanation(
        "The server failed",
        "It answered with an error of its own (5xx). What was sent is repeated later.",
        "Look into the server's log at that time.",
    ),
    "SA-5213": Explanation(
        "The server is still at work on the same records",
        "An earlier request with them has not ended there yet (409).",
        "Nothing: it is asked again later.",
    ),
    "SA-5214": Explanation(
        "The access token ended early",
        "A token that had worked was refused. A new one is fetched for the next request.",
        "Nothing, unless it happens often: then the token's lifetime as told and as kept differ.",
    ),
    "SA-5220": Explanation(
        "The server does not accept who we are",
        "Token, signature or client certificate is missing, wrong or has ended (401). It is not "
        "tried again by itself, so that no account gets locked.",
        "Store the right secret, for a keyring with `syncagent secret set`, then resume.",
    ),
    "SA-5221": Explanation(
        "The server forbids it",
        "We are known there, but may not do this (403).",
        "Have the server's operator grant the right, then resume.",
    ),
    "SA-5222": Explanation(
        "There is no such service at this address",
        "The server answers, but knows nothing of what was asked (404, 405, 410, 501).",
        "Correct `url`. For the shop protocol it ends before /v1.",
    ),
    "SA-5223": Explanation(
        "The server has moved for good",
        "It answers with a permanent redirect (301, 308). It is not followed by itself.",
        "Make sure that the new address is right, and put it into the configuration.",
    ),
    "SA-5224": Explanation(
        "The token endpoint gives no access token",
        "It does not know `client_id`, refuses the secret, or will not grant the scope.",
        "Check `client_id`, `client_secret` and `scope` with whoever issued them.",
    ),
    "SA-5225": Explanation(
        "The proxy refuses us",
        "The forward proxy wants a log-in (407) or forbids the address (403).",
        "Set `proxy_user` and `proxy_password`, or have the address allowed.",
    ),
    "SA-5226": Explanation(
        "The server does not take what we send in this form",
        "It answered 415: most likely it cannot unpack gzip.",
        "Set `gzip: never` for the connection.",
    ),
    "SA-5227": Explanation(
        "A certificate file cannot be used",
        "`ca_file`, `client_certificate` or `client_key` is missing, unreadable, no PEM file, or "
        "its password is wrong.",
        "Check path, owner and content; `openssl x509 -in FILE -noout -text` must show it.",
    ),
    "SA-5228": Explanation(
        "The signing secret has the wrong form",
        "It must be `whsec_` followed by base64.",
        "Copy it again, prefix included, and store it.",
    ),
    "SA-5229": Explanation(
        "The server's name leads to a link-local address",
        "No business system lives there, but the metadata services of cloud machines do, and they "
        "hand out secrets. The connection was closed before anything was sent.",
        "Check `url` and the name server's answer.",
    ),
    "SA-5230": Explanation(
        "The shop speaks another version of the protocol",
        "Its capabilities name a major version that this agent does not know.",
        "Update whichever side is older.",
    ),
    "SA-5231": Explanation(
        "The certificate comes from an unknown authority",
        "Most often a company proxy inspects TLS and shows a certificate of its own; or the "
        "server leaves out the certificates in between.",
        "Put the company's authority into `ca_file` as PEM, or into the operating system's store. "
        "Verification is never switched off.",
    ),
    "SA-5232": Explanation(
        "The certificate is not valid today",
        "It has expired or is not valid yet; or this machine's clock is wrong.",
        "Have it renewed; check the clock.",
    ),
    "SA-5233": Explanation(
        "The certificate is for another host",
        "The server that answered cannot prove that it is the one in `url`.",
        "Correct `url`, or find out which proxy or portal answers in its place.",
    ),
    "SA-5234": Explanation(
        "The client certificate was refused",
        "The server ended the handshake: it wants a certificate, or not this one.",
        "Set `client_certificate` and `client_key` to what the operator issued; check its dates.",
    ),
    "SA-5235": Explanation(
        "The server does not speak TLS as needed",
        "At this port it speaks plain text or only TLS versions that are no longer safe.",
        "Check scheme and port of `url`.",
    ),
    "SA-5236": Explanation(
        "The batch is larger than the shop takes",
        "`batch_size` is above the limit that the shop names.",
        "Lower `batch_size`.",
    ),
    "SA-5237": Explanation(
        "The token cannot be sent",
        "It holds line breaks, blanks or letters outside ASCII. Most often it was copied badly.",
        "Store it again as the target's operator issued it.",
    ),
    "SA-5238": Explanation(
        "The shop takes no contents",
        "The connection names folders under `contents`, and the shop does not name the feature "
        "`contents`: it cannot take pictures or documents.",
        "Have the shop updated, or take `contents` out.",
    ),
    "SA-5241": Explanation(
        "The request is too large for the target",
        "It answered 413. Halves are sent, down to single messages; one that is too large alone is "
        "parked.",
        "Nothing for the batch. For a parked message: shorten the record's data, or have the "
        "target's limit raised.",
    ),
    "SA-5242": Explanation(
        "The target refused the request as a whole",
        "It answered with another 4xx, without saying which message is at fault. Halves are sent "
        "until it is found and parked.",
        "Look at the reason of the parked message. After the cause is removed: "
        "`syncagent outbox retry`.",
    ),
    "SA-5251": Explanation(
        "Nobody knows where the content of a record lies",
        "The record names a content by `sha256` that the other side does not hold, and either no "
        "`path`, or the connection of the target names no folder under `contents`.",
        "Map `path` from the folder's column, and list the folder under `contents` of the "
        "target's connection. Then: `syncagent outbox retry`.",
    ),
    "SA-5252": Explanation(
        "A file changed between look and delivery",
        "It holds other bytes than when its folder was read, so what the record says of it is "
        "not true any more. Nothing was sent of it as a whole.",
        "Nothing: the next run finds the file as it is now, and its new record takes the place of "
        "this one. Where the old bytes are back meanwhile: `syncagent outbox retry`.",
    ),
    "SA-5253": Explanation(
        "A file cannot be opened for delivery",
        "It was there when its folder was read. It was moved or removed since, the right to read "
        "it is missing, or a program locks it.",
        "Nothing for a file that was moved or removed: the next run finds out. Else grant read or "
        "close the program, then: `syncagent outbox retry`.",
    ),
    "SA-5254": Explanation(
        "The other side refuses a content",
        "It answered 411, 413, 415 or 422 to the bytes of a picture or document: too large there, "
        "or of a type that it does not take.",
        "Convert the file or make it smaller: its record is sent anew. Where the other side was "
        "changed instead: `syncagent outbox retry`.",
    ),
    "SA-5255": Explanation(
        "A path leads out of the folders",
        "The `path` of a record is not below a folder that may leave, or leads through a link. It "
        "was not opened.",
        "Correct the column from which `path` is mapped, or list the folder under `contents`. "
        "Then: `syncagent outbox retry`.",
    ),
    "SA-5256": Explanation(
        "The folder of a content cannot be read now",
        "A folder under `contents` is not there, or the system reported an input/output error: "
        "often a share that went away.",
        "Bring the share back; delivery goes on by itself.",
    ),
}
