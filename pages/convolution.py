"""Convolution: a small kernel slides over a picture, and every product can be pointed at."""

from lib.concepts.convolution import conv2d, terms_at
from lib.concepts.windows import output_size, same_padding
from lib.ui.learn import page
from lib.ui.learn.convolution.trained_kernels import trained_kernels
from lib.ui.learn.convolution.view import workbench

page.begin("convolution", staged=True)
workbench(trained_kernels())
page.closing("convolution", conv2d, terms_at, output_size, same_padding)
