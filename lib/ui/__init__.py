"""What a person sees and touches. The only code that imports Streamlit."""
