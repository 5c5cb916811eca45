"""What the outside may say to lending: products, applications, loans and their money, collections, dashboards."""
