"""What the outside may say: one schema, to which every business adds its part. ``schema.build.build()`` makes it."""
