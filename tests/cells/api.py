"""What the API serves, page by page. A query names its connection `found` and takes `$filter` and `$after`."""

import json
import sys
import urllib.request


def nodes(url, query, filters):
    """Every node that `filters` let through; ends the program at an error."""
    after, found = None, []
    while True:
        body = json.dumps({"query": query, "variables": {"filter": filters, "after": after}}).encode()
        request = urllib.request.Request(url, body, {"content-type": "application/json"})
        answer = json.load(urllib.request.urlopen(request))
        if "errors" in answer:
            sys.exit(f"the API answered {answer['errors']}")
        page = answer["data"]["found"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            assert len(found) == page["totalCount"], "pages do not add up to totalCount"
            return found
