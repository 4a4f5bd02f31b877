"""Who the agent is in the shop, one class of products, one partner whose stock it is."""

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - only after the set-up
from oscar.core.loading import get_model  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402

user = get_user_model().objects.create_superuser("agent", "agent@example.test", "agent-password")
Token.objects.create(user=user, key="0123456789abcdef0123456789abcdef01234567")
get_model("catalogue", "ProductClass").objects.create(
    slug="goods", name="Goods", track_stock=True, requires_shipping=True
)
get_model("partner", "Partner").objects.create(code="main", name="Main warehouse")
