"""What Learn pages ship with: really fitted weights and saved trainings."""
