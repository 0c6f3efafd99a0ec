"""What all figures share: colours, scales, small pictures."""
