"""alibi-detect's two adversarial detectors.

They want TensorFlow: the served model is built again in Keras from its file.
"""

import os

# alibi-detect subclasses models in a way that Keras 3 refuses.
os.environ["TF_USE_LEGACY_KERAS"] = "1"

import numpy as np
import onnx
import onnx.numpy_helper
import tensorflow as tf
from alibi_detect.ad import AdversarialAE, ModelDistillation
from tensorflow.keras import Sequential, layers

from pictures import EXAMPLE, SERVED, Files, answers, training_pictures

PICTURES, EPOCHS, SEED = 6_000, 4, 1


def last(x: np.ndarray) -> np.ndarray:
    """[n,1,28,28] → [n,28,28,1]."""
    return x.transpose(0, 2, 3, 1)


def served() -> tf.keras.Model:
    """The served model with a softmax, checked against its file under onnxruntime."""
    stored = {
        t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(EXAMPLE / f"models/{SERVED}.onnx").graph.initializer
    }
    model = Sequential([layers.InputLayer((28, 28, 1))])
    for convolution in (0, 4, 8):
        kernel = stored[f"{convolution}.weight"]
        model.add(layers.Conv2D(len(kernel), 3, padding="same"))
        model.layers[-1].set_weights([kernel.transpose(2, 3, 1, 0), stored[f"{convolution}.bias"]])
        model.add(layers.BatchNormalization(epsilon=1e-5))
        scale = [stored[f"{convolution + 1}.{name}"] for name in ("weight", "bias", "running_mean", "running_var")]
        model.layers[-1].set_weights(scale)
        model.add(layers.ReLU())
        model.add(layers.MaxPool2D(2))
    model.add(layers.Permute((3, 1, 2)))
    model.add(layers.Flatten())
    for dense, activation in ((14, "relu"), (17, "softmax")):
        weight = stored[f"{dense}.weight"]
        model.add(layers.Dense(len(weight), activation=activation))
        model.layers[-1].set_weights([weight.T, stored[f"{dense}.bias"]])
    x, _ = training_pictures(64)
    if np.abs(model.predict(last(x), verbose=0) - answers(SERVED, x)).max() > 1e-4:
        raise SystemExit("the Keras model answers otherwise than the file")
    return model


def over_files(files: Files, detector) -> dict[str, np.ndarray]:
    every = (("clean", files.test), *files.sets.items())
    return {name: detector.score(last(x), batch_size=256) for name, x in every}


def adversarial_autoencoder(files: Files) -> dict[str, np.ndarray]:
    """Vacanti and Van Looveren 2020: an autoencoder trained to keep the served model's predictions."""
    tf.keras.utils.set_random_seed(SEED)
    encoder = Sequential(
        [
            layers.InputLayer((28, 28, 1)),
            layers.Conv2D(16, 4, strides=2, padding="same", activation="relu"),
            layers.Conv2D(32, 4, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(40),
        ]
    )
    decoder = Sequential(
        [
            layers.InputLayer((40,)),
            layers.Dense(7 * 7 * 32, activation="relu"),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(32, 4, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid"),
        ]
    )
    detector = AdversarialAE(threshold=0.0, encoder_net=encoder, decoder_net=decoder, model=served())
    x, _ = training_pictures(PICTURES)
    detector.fit(last(x), epochs=EPOCHS, batch_size=128, w_recon=1.0, verbose=False)
    return over_files(files, detector)


def distillation(files: Files) -> dict[str, np.ndarray]:
    """A smaller model that learnt to answer as the served one; where the two differ, an attack is supposed."""
    tf.keras.utils.set_random_seed(SEED)
    student = Sequential(
        [
            layers.InputLayer((28, 28, 1)),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    detector = ModelDistillation(threshold=0.0, distilled_model=student, model=served())
    x, _ = training_pictures(PICTURES)
    detector.fit(last(x), epochs=2 * EPOCHS, batch_size=128, verbose=False)
    return over_files(files, detector)
