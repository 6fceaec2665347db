using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Embedding.Onnx;

/// <summary>Writes embeddings: rows of the weight.</summary>
internal sealed class EmbeddingOperator : OnnxModule<TorchSharp.Modules.Embedding>
{
    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, TorchSharp.Modules.Embedding module, IOnnxGraph graph) =>
        call.Return(graph.Add("Gather", [call.FindParameter("weight")!, call.Tensors[0]], ("axis", 0L)));
}
