"""Our network and weights → the same network in ONNX, node by node, so that no exporter stands between.

Inputs are padded ids (texts, length), int64, and lengths (texts,), int32, where they are needed; logits come out.
Recurrent networks have one layer here, and their last states. ONNX orders blocks i, o, f, c and z, r, h; its GRU keeps
z of the old state (see same_weights). As is custom, a CNN slides over the padding too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from benchmarks.same_weights import in_order
from unrolled.model.encoders.cnn import CNN
from unrolled.model.encoders.gru import GRU
from unrolled.model.layers.averaging import Averaging
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import select

Arrays = Mapping[str, np.ndarray[Any, Any]]
BLOCKS = {"RNN": "h", "LSTM": "iofc", "GRU": "zrh"}
OPSET, IR_VERSION = 17, 10


class Graph:
    """Nodes and constants, one after another; a value is known by its name."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, array: Any, kind: Any = np.float32) -> str:
        """Keep an array."""
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array, kind), name))
        return name

    def node(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> str:
        """Compute something and name its last output; others are left out."""
        name = f"{kind}_{len(self.nodes)}"
        names = [""] * (outputs - 1) + [name]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return name

    def affine(self, x: str, W: Any, b: Any) -> str:
        """Compute x W + b."""
        return self.node("Gemm", x, self.constant(W), self.constant(b))


def model_of(network: TextNetwork, weights: Arrays) -> bytes:
    """Build the whole chain as the bytes of an ONNX file."""
    graph, encoder, own = Graph(), network.encoder, select(weights, "encoder")
    table = graph.constant(weights["embeddings.tuned"])
    if isinstance(encoder, Averaging):
        encoding = _average(graph, table, own)
    elif isinstance(encoder, CNN):
        encoding = _cnn(graph, table, encoder, own)
    elif isinstance(encoder, Recurrent):
        encoding = _recurrent(graph, table, encoder, own)
    else:
        raise TypeError(f"nothing is known of {type(encoder).__name__}")
    logits = graph.affine(encoding, weights["classifier.W"], weights["classifier.b"])
    inputs = [helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "length"])]
    if any("lengths" in node.input for node in graph.nodes):
        inputs.append(helper.make_tensor_value_info("lengths", TensorProto.INT32, ["texts"]))
    output = helper.make_tensor_value_info(logits, TensorProto.FLOAT, ["texts", network.classes])
    made = helper.make_graph(graph.nodes, "network", inputs, [output], graph.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _average(graph: Graph, table: str, own: Arrays) -> str:
    length = graph.node("Gather", graph.node("Shape", "ids"), graph.constant(1, np.int64))
    zero, one = (graph.constant(number, np.int64) for number in (0, 1))
    lengths = graph.node(
        "Unsqueeze", graph.node("Cast", "lengths", to=TensorProto.INT64), graph.constant([1], np.int64)
    )
    true = graph.node("Cast", graph.node("Less", graph.node("Range", zero, length, one), lengths), to=TensorProto.FLOAT)
    vectors = graph.node("Gather", table, "ids")
    shown = graph.node("Mul", vectors, graph.node("Unsqueeze", true, graph.constant([2], np.int64)))
    total = graph.node("ReduceSum", shown, graph.constant([1], np.int64), keepdims=0)
    count = graph.node("Max", graph.node("Cast", lengths, to=TensorProto.FLOAT), graph.constant(1.0))
    return graph.node("Relu", graph.affine(graph.node("Div", total, count), own["0.W"], own["0.b"]))


def _cnn(graph: Graph, table: str, encoder: CNN, own: Arrays) -> str:
    vectors, towers = graph.node("Transpose", graph.node("Gather", table, "ids"), perm=[0, 2, 1]), []
    for tower in range(len(encoder.filter_sizes)):
        filters, b = graph.constant(own[f"0.{tower}.W"].transpose(2, 1, 0)), graph.constant(own[f"0.{tower}.b"])
        windows = graph.node("Conv", vectors, filters, b)
        towers.append(graph.node("Relu", graph.node("ReduceMax", windows, axes=[2], keepdims=0)))
    return graph.node("Concat", *towers, axis=1)


def _recurrent(graph: Graph, table: str, encoder: Recurrent, own: Arrays) -> str:
    kind, sides = type(encoder).__name__, ("forward", "backward")[: 1 + encoder.bidirectional]
    parts = [select(own, f"0.{side}") for side in sides]
    U, W, b = (
        np.stack([in_order(side[name], "".join(encoder.blocks), BLOCKS[kind]) for side in parts])
        for name in ("U", "W", "b")
    )
    second = np.zeros_like(b)
    for number, side in enumerate(parts):
        if "c" in side:
            second[number, -encoder.hidden_size :] = side["c"]
    vectors = graph.node("Gather", table, graph.node("Transpose", "ids", perm=[1, 0]))
    given = [
        graph.constant(array) for array in (U.transpose(0, 2, 1), W.transpose(0, 2, 1), np.concatenate([b, second], 1))
    ]
    more = {"linear_before_reset": int(encoder.reset == "after")} if isinstance(encoder, GRU) else {}
    direction = "bidirectional" if encoder.bidirectional else "forward"
    state = graph.node(
        kind, vectors, *given, "lengths", outputs=2, hidden_size=encoder.hidden_size, direction=direction, **more
    )
    beside = graph.node("Transpose", state, perm=[1, 0, 2])
    return graph.node("Reshape", beside, graph.constant([0, encoder.output_size], np.int64))
