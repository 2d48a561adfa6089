"""A stand-in of the Audnexus metadata service, holding one made-up book."""
