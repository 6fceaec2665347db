using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Recurrent.Onnx;

/// <summary>Writes recurrent layers, one node a layer, and cells as layers of one step.</summary>
internal sealed class RecurrentOperator : IOnnxOperator
{
    /// <summary>Handlers know what TorchSharp keeps in native memory.</summary>
    private static readonly Dictionary<Type, (string Node, IModuleHandler Handler)> Known = new()
    {
        [typeof(LSTM)] = ("LSTM", new LstmHandler()),
        [typeof(GRU)] = ("GRU", new GruHandler()),
        [typeof(RNN)] = ("RNN", new RnnHandler()),
        [typeof(LSTMCell)] = ("LSTM", new LstmCellHandler()),
        [typeof(GRUCell)] = ("GRU", new GruCellHandler()),
        [typeof(RNNCell)] = ("RNN", new RnnCellHandler()),
    };

    /// <inheritdoc/>
    public IReadOnlyList<Type> ModuleTypes { get; } = [.. Known.Keys];

    /// <inheritdoc/>
    public string? Limits => "packed sequences";

    /// <inheritdoc/>
    public void Emit(IOnnxCall call)
    {
        (string node, IModuleHandler handler) = Known[call.Module!.GetType()];
        IReadOnlyDictionary<string, object?> settings = handler.FindConstruction(call.Module)!.Arguments;
        bool isCell = call.Module is LSTMCell or GRUCell or RNNCell;
        int states = node == "LSTM" ? 2 : 1;
        if (call.Results.Count != (isCell ? states : states + 1) || call.Tensors[0].Rank is < 1 or > 3)
            throw call.Refuse("is called in a way that is not known, as on a packed sequence");
        var layers = new RecurrentLayers(
            call,
            node,
            Layers: isCell ? 1 : (int)Convert.ToInt64(settings["numLayers"], null),
            Directions: settings.GetValueOrDefault("bidirectional") is true ? 2 : 1,
            IsRelu: settings.GetValueOrDefault("nonLinearity") is nn.NonLinearities.ReLU,
            IsCell: isCell
        );
        bool isBatchFirst = settings.GetValueOrDefault("batchFirst") is true;
        call.Return(isCell ? RunCell(call, layers) : Run(call, layers, isBatchFirst));
    }

    /// <summary>[time, batch, features], or with the batch first, or without one.</summary>
    private static OnnxValue[] Run(IOnnxCall call, RecurrentLayers layers, bool isBatchFirst)
    {
        IOnnxGraph graph = call.Graph;
        OnnxValue x = call.Tensors[0];
        bool isBatch = x.Rank == 3;
        OnnxValue sequence =
            !isBatch ? graph.Unsqueeze(x, 1)
            : isBatchFirst ? graph.Transpose(x, 1, 0, 2)
            : x;
        OnnxValue[] initial = [.. call.Tensors.Skip(1).Select(state => isBatch ? state : graph.Unsqueeze(state, 1))];
        (OnnxValue output, OnnxValue[] final) = layers.Emit(sequence, initial);
        if (!isBatch)
            return [graph.Squeeze(output, 1), .. final.Select(state => graph.Squeeze(state, 1))];
        return [isBatchFirst ? graph.Transpose(output, 1, 0, 2) : output, .. final];
    }

    /// <summary>[batch, features], or features alone: a sequence of one step.</summary>
    private static OnnxValue[] RunCell(IOnnxCall call, RecurrentLayers layers)
    {
        IOnnxGraph graph = call.Graph;
        long[] added = call.Tensors[0].Rank == 2 ? [0] : [0, 1];
        OnnxValue[] initial = [.. call.Tensors.Skip(1).Select(state => graph.Unsqueeze(state, added))];
        (_, OnnxValue[] final) = layers.Emit(graph.Unsqueeze(call.Tensors[0], added), initial);
        return [.. final.Select(state => graph.Squeeze(state, added))];
    }
}
