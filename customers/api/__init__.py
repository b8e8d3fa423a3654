"""The REST door of customers and their touches."""
