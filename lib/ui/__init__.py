"""What a person sees: widgets that give specs, session state, lesson text. The only code that imports Streamlit."""
