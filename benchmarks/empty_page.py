"""A page of Streamlit with next to nothing on it: what each page costs before any of LayerLab's own."""

import streamlit as st

st.title("Empty")
st.slider("Number", 0, 10)
