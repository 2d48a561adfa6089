"""Made-up rows in any number: to develop and to measure with, never for real use."""
