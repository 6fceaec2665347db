using Speedup.Abstractions;
using static TorchSharp.torch;

namespace TestKit.Tests.Planted;

/// <summary>Handles <c>sinc</c>, <c>softmax</c> and <c>view</c> of three axes, rightly but for what is planted.</summary>
internal sealed class PlantedFunction(PlantedFault fault) : FunctionHandler
{
    private static readonly AxisRef Input = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);

    public override IReadOnlyList<FunctionKey> Functions { get; } =
    [.. KeysOf(typeof(Tensor), "sinc"), .. KeysOf(typeof(Tensor), "softmax"), .. KeysOf(typeof(Tensor), "view")];

    public override void InferFromInput(IOperator op)
    {
        double off = fault == PlantedFault.FunctionClaimsAWrongValue ? 0.5 : 0;
        if (op.Method!.Name == "sinc" && fault != PlantedFault.FunctionSaysNothingOfInputs)
            (AlignedAxes.Of(1, 1) with { OfConstant = (_, value) => Sinc(value) + off }).InferFromInput(op);
        if (op.Method.Name == "view")
            (AlignedAxes.Of(1, 1) with { OfConstant = (_, value) => value }).InferFromInput(op);
    }

    public override void InferFromOutput(IOperator op)
    {
        if (fault == PlantedFault.FunctionClaimsAUsedInput)
            op.Facts(Input).SetUnused(3);
        if (op.Method!.Name != "softmax")
            AlignedAxes.Of(1, 1).InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        if (fault == PlantedFault.ThrowsInFunction)
            throw new InvalidOperationException("It fails on purpose.");
        int channels = relations.Facts(Input).Length;
        for (int i = 0; i < channels && fault == PlantedFault.FunctionTiesOtherIndices; i++)
            relations.Tie(Input, i, Output, (i + 1) % channels);
        if (
            fault != PlantedFault.FunctionTiesOtherIndices
            && (relations.Method!.Name != "softmax" || fault == PlantedFault.FunctionReleasesTooMuch)
        )
            relations.Tie(Input, Output);
    }

    public override IReadOnlyDictionary<string, object?> Replace(IReplacement replacement) =>
        replacement.FindArgument("shape") is long[] shape && fault != PlantedFault.FunctionGivesNoArguments
            ? new Dictionary<string, object?> { ["shape"] = new[] { shape[0], replacement.Kept(Output).Count, shape[2] } }
            : base.Replace(replacement);

    private static double Sinc(double value) => value == 0 ? 1 : Math.Sin(Math.PI * value) / (Math.PI * value);
}
