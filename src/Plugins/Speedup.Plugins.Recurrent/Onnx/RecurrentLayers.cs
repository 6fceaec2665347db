using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Recurrent.Onnx;

/// <summary>The layers of a recurrent module as nodes. ONNX has the gates in another order than TorchSharp.</summary>
/// <param name="Call">The call.</param>
/// <param name="Node">The operator: LSTM, GRU or RNN.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Directions">1 or 2.</param>
/// <param name="IsRelu">Whether a plain layer has ReLU in place of tanh.</param>
/// <param name="IsCell">Whether parameters have no layer in their names.</param>
internal sealed record RecurrentLayers(IOnnxCall Call, string Node, int Layers, int Directions, bool IsRelu, bool IsCell)
{
    private IOnnxGraph Graph => Call.Graph;

    /// <summary>TorchSharp's gates in ONNX's order: of LSTM i f g o as i o f g, of GRU r z n as z r n.</summary>
    private int[] Order =>
        Node switch
        {
            "LSTM" => [0, 3, 1, 2],
            "GRU" => [1, 0, 2],
            _ => [0],
        };

    /// <summary>Runs all layers.</summary>
    /// <param name="sequence">The input [time, batch, features].</param>
    /// <param name="initial">Initial states [layers * directions, batch, units]; none for zeros.</param>
    /// <returns>The output [time, batch, directions * units], and final states like the initial ones.</returns>
    public (OnnxValue Output, OnnxValue[] Final) Emit(OnnxValue sequence, OnnxValue[] initial)
    {
        int states = Node == "LSTM" ? 2 : 1;
        var finals = new List<OnnxValue>[states];
        for (int state = 0; state < states; state++)
            finals[state] = [];
        for (int layer = 0; layer < Layers; layer++)
        {
            IReadOnlyList<OnnxValue> results = Layer(sequence, initial, layer, states);
            // [time, directions, batch, units]; 0 copies a length, and what is left over is directions times units
            sequence = Graph.Reshape(Graph.Transpose(results[0], 0, 2, 1, 3), 0, 0, -1);
            for (int state = 0; state < states; state++)
                finals[state].Add(results[state + 1]);
        }
        return (sequence, [.. finals.Select(parts => Graph.Concat(0, parts))]);
    }

    private IReadOnlyList<OnnxValue> Layer(OnnxValue sequence, OnnxValue[] initial, int layer, int states)
    {
        OnnxValue[] given =
            initial.Length == 0 || Layers == 1
                ? initial
                : [.. initial.Select(state => Graph.Slice(state, 0, (long)layer * Directions, (layer + 1L) * Directions))];
        List<OnnxAttribute> attributes =
        [
            ("hidden_size", Parameter(RecurrentLayout.StateWeight, layer, 0)!.Shape[1].Value),
            ("direction", Directions == 2 ? "bidirectional" : "forward"),
        ];
        if (Node == "GRU")
            attributes.Add(("linear_before_reset", 1L));
        if (Node == "RNN")
            attributes.Add(("activations", (string[])[.. Enumerable.Repeat(IsRelu ? "Relu" : "Tanh", Directions)]));
        return Graph.Add(
            Node,
            [
                sequence,
                Weights(RecurrentLayout.InputWeight, layer),
                Weights(RecurrentLayout.StateWeight, layer),
                Biases(layer),
                null,
                given.ElementAtOrDefault(0),
                given.ElementAtOrDefault(1),
            ],
            [.. Enumerable.Repeat(sequence.DType, states + 1)],
            attributes
        );
    }

    private OnnxValue Weights(string kind, int layer) =>
        Graph.Concat(
            0,
            [.. Enumerable.Range(0, Directions).Select(direction => Graph.Unsqueeze(Reordered(Parameter(kind, layer, direction)!), 0))]
        );

    /// <summary>Biases of inputs and of states, one behind the other; null where there are none.</summary>
    private OnnxValue? Biases(int layer)
    {
        if (Parameter(RecurrentLayout.InputBias, layer, 0) is null)
            return null;
        string[] kinds = [RecurrentLayout.InputBias, RecurrentLayout.StateBias];
        return Graph.Concat(
            0,
            [
                .. Enumerable
                    .Range(0, Directions)
                    .Select(direction => Graph.Concat(0, [.. kinds.Select(kind => Reordered(Parameter(kind, layer, direction)!))]))
                    .Select(both => Graph.Unsqueeze(both, 0)),
            ]
        );
    }

    private OnnxValue Reordered(OnnxValue parameter)
    {
        int[] order = Order;
        if (order.Length == 1)
            return parameter;
        long units = parameter.Shape[0].Value / order.Length;
        return Graph.Concat(0, [.. order.Select(gate => Graph.Slice(parameter, 0, gate * units, (gate + 1) * units))]);
    }

    private OnnxValue? Parameter(string kind, int layer, int direction) =>
        Call.FindParameter(IsCell ? kind : $"{kind}_l{layer}{(direction == 1 ? "_reverse" : "")}");
}
