"""WooCommerce: the layouts of its usual exporters."""
