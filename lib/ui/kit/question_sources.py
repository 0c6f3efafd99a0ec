"""Who says what the answers to the questions say: papers, books and Keras' documentation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number or a claim comes from.

    Attributes:
        title: authors, year and name, or the page of a documentation.
        url: where it can be read.
    """

    title: str
    url: str


BARZ = Source(
    "Barz and Denzler 2020, Do We Train on Test Data? Purging CIFAR of Near-Duplicates",
    "https://cvjena.github.io/cifair/",
)
BENGIO = Source(
    "Bengio 2012, Practical Recommendations for Gradient-Based Training of Deep Architectures",
    "https://arxiv.org/abs/1206.5533",
)
BOUTHILLIER = Source(
    "Bouthillier and others 2021, Accounting for Variance in Machine Learning Benchmarks",
    "https://arxiv.org/abs/2103.03098",
)
CHOLLET = Source(
    "Chollet, Deep Learning with Python", "https://www.manning.com/books/deep-learning-with-python-second-edition"
)
DUMOULIN = Source(
    "Dumoulin and Visin 2016, A guide to convolution arithmetic for deep learning", "https://arxiv.org/abs/1603.07285"
)
GLOROT = Source(
    "Glorot, Bordes and Bengio 2011, Deep Sparse Rectifier Neural Networks",
    "https://proceedings.mlr.press/v15/glorot11a.html",
)
GOODFELLOW_CONVOLUTION = Source(
    "Goodfellow, Bengio and Courville 2016, Deep Learning, section 9.1",
    "https://www.deeplearningbook.org/contents/convnets.html",
)
GUO = Source(
    "Guo and others 2017, On Calibration of Modern Neural Networks", "https://proceedings.mlr.press/v70/guo17a.html"
)
LECUN_BACKPROP = Source(
    "LeCun, Bottou, Orr and Müller 1998, Efficient BackProp, section 4.3",
    "https://doi.org/10.1007/3-540-49430-8_2",
)
LECUN_MNIST = Source(
    "LeCun, Bottou, Bengio and Haffner 1998, Gradient-based learning applied to document recognition",
    "https://doi.org/10.1109/5.726791",
)
NGUYEN = Source(
    "Nguyen, Yosinski and Clune 2015, Deep Neural Networks are Easily Fooled", "https://arxiv.org/abs/1412.1897"
)
PRECHELT = Source("Prechelt 1998, Early Stopping - But When?", "https://doi.org/10.1007/3-540-49430-8_3")
SHORTEN = Source(
    "Shorten and Khoshgoftaar 2019, A survey on Image Data Augmentation for Deep Learning",
    "https://doi.org/10.1186/s40537-019-0197-0",
)
SRIVASTAVA = Source(
    "Srivastava and others 2014, Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
    "https://jmlr.org/papers/v15/srivastava14a.html",
)
KERAS_DENSE = Source("Keras, Dense", "https://keras.io/api/layers/core_layers/dense/")
KERAS_DROPOUT = Source("Keras, Dropout", "https://keras.io/api/layers/regularization_layers/dropout/")
KERAS_FAQ = Source("Keras, questions and answers", "https://keras.io/getting_started/faq/")
KERAS_FIT = Source("Keras, fit", "https://keras.io/api/models/model_training_apis/")
KERAS_FORMAT = Source("Keras, image_data_format", "https://keras.io/api/utils/config_utils/")
KERAS_LOSSES = Source("Keras, crossentropies", "https://keras.io/api/losses/probabilistic_losses/")
KERAS_LSTM = Source("Keras, LSTM", "https://keras.io/api/layers/recurrent_layers/lstm/")
KERAS_MODEL = Source("Keras, the Model class", "https://keras.io/api/models/model/")
KERAS_REGULARIZERS = Source("Keras, regularizers", "https://keras.io/api/layers/regularizers/")
KERAS_SEEDS = Source("Keras, reproducibility", "https://keras.io/examples/keras_recipes/reproducibility_recipes/")
TENSORFLOW_PADDING = Source("TensorFlow, notes on padding", "https://www.tensorflow.org/api_docs/python/tf/nn")
