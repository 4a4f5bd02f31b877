"""SA-24xx: sources behind a web API."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2401": Explanation(
        "The server does not take the question",
        "It answered 400, 404, 405, 410, 414, 415, 422 or the like: the path is not there, a "
        "parameter or its value is not what it knows, or the body is not what it wants.",
        "Compare path, parameters and body with the server's own description; the error shows its "
        "words. Then resume the flow.",
    ),
    "SA-2402": Explanation(
        "The server sends us on to another server",
        "A redirect, a `Link` header or a next address in the answer leads to another scheme, host "
        "or port. It is not followed: our log-in would go there, and whoever can write into an "
        "answer could have any machine of this network asked.",
        "If the other address is right, put it into `url`. Behind a reverse proxy, have the server "
        "told its outer address.",
    ),
    "SA-2403": Explanation(
        "The server answers an error as a success",
        "The status was 200, and the field named by `error` holds something.",
        "Look at the server's words in the error; the run is repeated.",
    ),
    "SA-2404": Explanation(
        "The answer is not of the shape declared",
        "Where `records` points there is no list.",
        "Where it never worked, correct `records`; the error says what the answer has. Where it "
        "worked before, the server answered something else for a while: the run is repeated.",
    ),
    "SA-2405": Explanation(
        "A value that steers the paging is not what it should be",
        "`total` is no whole number, `more` is neither true nor false, or `next` is neither a text "
        "nor a number.",
        "Correct the path under `paging`.",
    ),
    "SA-2406": Explanation(
        "The same page came twice",
        "Most often the parameter for the page has another name and is ignored, so that every page "
        "is the first. Some servers answer the last page for every number behind it.",
        "Correct `paging.parameter`; for the latter say where the answer holds `total` or `more`.",
    ),
    "SA-2407": Explanation(
        "The list never ends",
        "More pages came than `paging.most_pages` allows.",
        "Raise it where the list is really that long, or ask for larger pages.",
    ),
    "SA-2408": Explanation(
        "A record cannot be read",
        "It lacks a field that is among the columns, holds a field twice, a number that is none, a "
        "text that is no Unicode, or it is no object at all. Until it can be read nothing is "
        "deleted, because it may be any record.",
        "Correct it in the source. A field that the server leaves out when it is empty belongs "
        "under `optional`.",
    ),
    "SA-2409": Explanation(
        "Single records have no address",
        "Single keys were asked for, and the flow does not say where one record is found.",
        "Say `item: /path/{key}` under `source`, or read everything.",
    ),
    "SA-2410": Explanation(
        "Another record came than the one asked for",
        "The address of a single record gave a record with another key. Believing it would delete "
        "the one that was asked for.",
        "Check `item`; some servers search where an address was expected, or fold upper and lower "
        "case.",
    ),
    "SA-2411": Explanation(
        "A change stamp cannot be read",
        "The field under `changes` holds something that is not of the declared format.",
        "Correct `field` or `format`.",
    ),
    "SA-2413": Explanation(
        "A key cannot stand in an address",
        "The key is empty, `.` or `..`, which servers take for another path.",
        "Read everything in place of that key.",
    ),
    "SA-2420": Explanation(
        "There is no such entity set",
        "`$metadata` of the service does not list the set that the flow names.",
        "Correct `entity_set`; upper and lower case count. For a set inside another one, declare "
        "`key` and `columns`.",
    ),
    "SA-2421": Explanation(
        "`$metadata` cannot be read",
        "It is no well-formed XML in UTF-8, or it declares entities of its own.",
        "Declare `key` and `columns` of the flow: then nobody asks for it, but for single keys.",
    ),
    "SA-2422": Explanation(
        "The service forgot a link that it gave",
        "It answered 410. Links to a next page and to changes hold for a while only.",
        "Nothing: everything is read anew by itself. Where it happens at every run, run more often "
        "than the service forgets.",
    ),
    "SA-2423": Explanation(
        "The entity set has no key",
        "`$metadata` names none for its type.",
        "Say `key` under `source`: the properties that tell one entity from another.",
    ),
    "SA-2424": Explanation(
        "The service gives no delta link",
        "The flow says `delta: true`, and the last page carried no link for what changes later.",
        "The service does not track changes of this set. Use `changes` with a property that holds "
        "when an entity changed, or read everything.",
    ),
    "SA-2430": Explanation(
        "The company is not there",
        "The connection names a company of an ERP by a name that the environment does not have, or "
        "that the user may not see.",
        "Take one of the names in the message, or the company's id; grant the user access to it.",
    ),
    "SA-2431": Explanation(
        "The query has more rows than the system gives out",
        "NetSuite gives out 100,000 rows of one query over REST. What is behind them would never "
        "be seen.",
        "Split the flow into several, each with a condition of its own under `where`.",
    ),
    "SA-2432": Explanation(
        "The model has no such field",
        "Odoo was asked for the fields of the model, and one that the flow names is not among "
        "them, or the user may not see it.",
        "Correct `fields` or `also`; install the module that brings the field; grant the user "
        "the group that may see it.",
    ),
}
