"""The resources and fields that matter, as PrestaShop's developer documentation lists them.

From the tables "Resources" of version 8 (devdocs.prestashop-project.org/8/webservice/resources).
Behind a field: `!` required, `-` may only be read, `@` a text in every language.
"""

from __future__ import annotations

RESOURCES: dict[str, tuple[str, str]] = {
    "products": (
        "product",
        """
        id_manufacturer id_supplier id_category_default new id_default_image
        id_tax_rules_group type id_shop_default reference supplier_reference width
        height depth weight ean13 isbn upc mpn is_virtual state product_type on_sale
        online_only minimal_quantity price! wholesale_price unity active
        available_for_order show_price visibility date_add date_upd manufacturer_name-
        quantity- position_in_category- meta_title@ link_rewrite@ name@ description@
        description_short@ associations
        """,
    ),
    "combinations": (
        "combination",
        """
        id_product! ean13 isbn upc mpn quantity reference supplier_reference
        wholesale_price price weight minimal_quantity! default_on associations
        """,
    ),
    "product_options": (
        "product_option",
        "is_color_group group_type! position name!@ public_name!@ associations",
    ),
    "product_option_values": (
        "product_option_value",
        "id_attribute_group! color position name!@",
    ),
    "categories": (
        "category",
        """
        id_parent level_depth- nb_products_recursive- active! id_shop_default
        is_root_category position date_add date_upd name!@ link_rewrite!@ description@
        associations
        """,
    ),
    "stock_availables": (
        "stock_available",
        """
        id_product! id_product_attribute! id_shop id_shop_group quantity!
        depends_on_stock! out_of_stock! location
        """,
    ),
    "specific_prices": (
        "specific_price",
        """
        id_shop_group id_shop! id_cart! id_product! id_product_attribute id_currency!
        id_country! id_group! id_customer! id_specific_price_rule price!
        from_quantity! reduction! reduction_tax! reduction_type! from! to!
        """,
    ),
    "groups": ("group", "reduction price_display_method! name!@"),
    "customers": (
        "customer",
        """
        id_default_group id_lang last_passwd_gen- secure_key- deleted passwd!
        lastname! firstname! email! company siret active is_guest id_shop date_add
        date_upd associations
        """,
    ),
    "addresses": (
        "address",
        """
        id_customer id_country! id_state alias! company lastname! firstname!
        vat_number address1! address2 postcode city! other phone phone_mobile dni
        deleted date_add date_upd
        """,
    ),
    "orders": (
        "order",
        """
        id_address_delivery! id_address_invoice! id_cart! id_currency! id_lang!
        id_customer! id_carrier! current_state module! payment! date_add date_upd
        reference total_paid! total_paid_tax_incl total_paid_tax_excl total_paid_real!
        total_products! total_products_wt! total_shipping_tax_excl conversion_rate!
        associations
        """,
    ),
    "order_histories": ("order_history", "id_employee id_order_state! id_order! date_add"),
    "order_carriers": ("order_carrier", "id_order! id_carrier! tracking_number date_add"),
    "order_states": ("order_state", "send_email name!@"),
    "languages": ("language", "name! iso_code! active"),
    "currencies": ("currency", "name! iso_code! active"),
    "countries": ("country", "iso_code! active name!@"),
    "states": ("state", "id_country! iso_code! name! active"),
}
FORBIDDEN = {"stock_availables": {"POST", "DELETE"}}
"""Methods that a resource does not take, whatever the key may do."""
WHOLE_NUMBERS = {"quantity", "minimal_quantity", "from_quantity"}
PRICES = {"price", "weight", "reduction"}
ZERO_BY_DEFAULT = {
    "id_product_attribute",
    "id_specific_price_rule",
    "deleted",
    "is_guest",
    "id_shop_group",
}
