"""Convolution: a small kernel slides over a picture, and every product can be pointed at."""

from lib.concepts.convolution import conv2d, terms_at
from lib.concepts.windows import output_size, same_padding
from lib.ui import learn
from lib.ui.convolution_view import workbench
from lib.ui.trained_kernels import trained_kernels

learn.begin("convolution")
workbench(trained_kernels())
learn.closing("convolution", conv2d, terms_at, output_size, same_padding)
