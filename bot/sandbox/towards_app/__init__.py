"""What goes towards the app: what people do, the payloads it makes, and the two ways they travel."""
