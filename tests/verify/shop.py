"""A site whose target is a reference shop."""

from tests.explain.premises import CONFIG

IN_MEMORY = "kind: memory, delivery:"
TO_MEMORY = 'target: {{connection: shop, receiver: "{name}"}}'


def shop_config(port: int) -> str:
    """The configuration of a site whose shop answers at this port."""
    shop = f"kind: shop, url: http://127.0.0.1:{port}/, token: env:SHOP_TOKEN, delivery:"
    return CONFIG.replace(IN_MEMORY, shop).replace(TO_MEMORY, "target: {{connection: shop}}")
