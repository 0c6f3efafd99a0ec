"""Runs: submitted, followed by events, steered, kept. Plain Python and Dask; no Streamlit, no Keras."""
