using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Distance.Onnx;

/// <summary>Writes cosine similarities and distances of pairs.</summary>
internal sealed class DistanceOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(CosineSimilarity), typeof(PairwiseDistance)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("cosine_similarity", "pairwise_distance");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        (OnnxValue a, OnnxValue b) = (call.Tensors[0], call.Tensors[1]);
        call.Return(
            (call.Module, call.Method.Name) switch
            {
                (CosineSimilarity module, _) => Cosine(graph, a, b, module.dim, module.eps),
                (PairwiseDistance module, _) => Distance(graph, a, b, module.norm, module.eps, module.keepdim),
                (_, "cosine_similarity") => Cosine(graph, a, b, call.FindFixed("dim") ?? 1, call.FindReal("eps") ?? 1e-8),
                _ => Distance(graph, a, b, call.FindReal("p") ?? 2, call.FindReal("eps") ?? 1e-6, call.Truth("keepdim")),
            }
        );
    }

    /// <summary>The product over both norms, none of which is taken for less than eps.</summary>
    private static OnnxValue Cosine(IOnnxGraph graph, OnnxValue a, OnnxValue b, long axis, double eps)
    {
        OnnxValue least = graph.Scalar(eps, a.DType);
        OnnxValue product = graph.Reduce("ReduceSum", graph.Add("Mul", [a, b]), [axis], keeps: false);
        OnnxValue first = graph.Add("Max", [graph.Reduce("ReduceL2", a, [axis], keeps: false), least]);
        OnnxValue second = graph.Add("Max", [graph.Reduce("ReduceL2", b, [axis], keeps: false), least]);
        return graph.Add("Div", [product, graph.Add("Mul", [first, second])]);
    }

    /// <summary>The norm of the difference, to which eps is added.</summary>
    private static OnnxValue Distance(IOnnxGraph graph, OnnxValue a, OnnxValue b, double power, double eps, bool keeps)
    {
        OnnxValue difference = graph.Add("Add", [graph.Add("Sub", [a, b]), graph.Scalar(eps, a.DType)]);
        if (power == 2)
            return graph.Reduce("ReduceL2", difference, [-1], keeps);
        OnnxValue powers = graph.Add("Pow", [graph.Add("Abs", [difference]), graph.Scalar(power, a.DType)]);
        return graph.Add("Pow", [graph.Reduce("ReduceSum", powers, [-1], keeps), graph.Scalar(1 / power, a.DType)]);
    }
}
