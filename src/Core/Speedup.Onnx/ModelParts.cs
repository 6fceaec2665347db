using Speedup.Core.Models;
using Speedup.Core.Search;
using Speedup.Core.Tracing;

namespace Speedup.Onnx;

/// <summary>A model that is being exported.</summary>
/// <param name="Inventory">Its modules and tensors.</param>
/// <param name="State">Its state, in evaluation mode.</param>
/// <param name="Rewriter">Re-emits its code.</param>
internal sealed record ModelParts(ModelInventory Inventory, EvaluationScope State, MethodRewriter Rewriter);
