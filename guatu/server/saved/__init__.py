"""Views (视图): what somebody filters, orders and shows in a list, kept under a name, shared, taken away."""
