"""Python's gql: pages, an error, a subscription. Run by `run`, which says where the server is."""

import asyncio
import os
import sys

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

URL = os.environ["ROLECAST_URL"]
PAGE = gql("""query($after: String) { roles(first: 50, after: $after) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor } } }""")
REFRESH = gql('mutation { refreshSource(input: { source: "soc" }) { job { id } userErrors { message } } }')


async def pages(session):
    first = (await session.execute(PAGE))["roles"]
    after = first["pageInfo"]["endCursor"]
    second = (await session.execute(PAGE, variable_values={"after": after}))["roles"]
    ids = {role["id"] for role in first["nodes"] + second["nodes"]}
    assert len(ids) == 100, len(ids)


async def error(session):
    try:
        await session.execute(gql("{ roles(first: 1000) { totalCount } }"))
    except TransportQueryError as refused:
        assert refused.errors[0]["extensions"]["code"] == "BAD_USER_INPUT", refused.errors
    else:
        sys.exit("a page of 1000 was not refused")


async def subscription(session):
    watch = WebsocketsTransport(url=URL.replace("http", "ws") + "/graphql/ws")
    async with Client(transport=watch) as watching:
        steps = watching.subscribe(gql('subscription { refreshProgress(source: "soc") { stage } }'))
        first = asyncio.ensure_future(anext(steps))
        await asyncio.sleep(1)
        await session.execute(REFRESH)
        heard = await asyncio.wait_for(first, 20)
        assert heard["refreshProgress"]["stage"] == "FETCH", heard


async def main():
    headers = {"authorization": f"Bearer {os.environ['ROLECAST_TOKEN']}"}
    transport = AIOHTTPTransport(url=f"{URL}/graphql", headers=headers)
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        await pages(session)
        await error(session)
        await subscription(session)
    print("gql for Python: pages, error and subscription")


asyncio.run(main())
