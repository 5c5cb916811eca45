"""The mill at a glance, once and live, and what will be wanted of an item."""
