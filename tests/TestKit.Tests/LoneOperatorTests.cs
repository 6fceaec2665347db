using Speedup.Abstractions;
using Speedup.TestKit;
using Speedup.TestKit.Operators;
using Speedup.TestKit.Reports;
using Speedup.TestKit.Subjects;
using TestKit.Tests.Planted;
using Xunit;
using static TorchSharp.torch;

namespace TestKit.Tests;

/// <summary>An operator that a test makes up: what it refuses, as the engine does, and how it decides what goes.</summary>
public sealed class LoneOperatorTests
{
    private static readonly AxisRef Input = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);

    [Fact]
    public void Plan_OfTiedConstants_RemovesWhatNobodyNeeds()
    {
        LoneOperator op = Create();
        op.Tie(Input, Output);
        op.Input(0)[1].SetConstant(1, 2);
        op.Output(0)[1].SetConstant(1, 4);
        op.Output(0)[1].SetUnused(2);

        op.Plan(new Random(1), () => { }, willingness: 1);

        Assert.Equal([0, 2, 3], op.Kept(Input));
        Assert.Equal(op.Kept(Input), op.Kept(Output));
        Assert.Equal(2, op.RemovedCount);
        Assert.Equal(2, op.FoldedConstant(Input, 1));
    }

    [Fact]
    public void Plan_WhereConstrainKeeps_RemovesNothing()
    {
        LoneOperator op = Create();
        op.Tie(AxisRef.OfInput(0, -1), AxisRef.OfOutput(0, -2));
        op.Output(0)[1].SetConstant(3, 1);
        op.Input(0)[1].SetConstant(3, 1);

        op.Plan(new Random(1), () => op.Keep(Output, 3, KeepCause.Carrier, "needed"), willingness: 1);

        Assert.Equal(0, op.RemovedCount);
        Assert.Equal(0, op.FoldedConstant(Input, 3));
    }

    [Fact]
    public void Tie_OfOtherLengths_IsRefused()
    {
        KitException error = Assert.Throws<KitException>(() => Create().Tie(Input, AxisRef.OfOutput(0, 2)));

        Assert.Contains("axis 1 of input 0 has 4 indices and axis 2 of output 0 has 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_OnAnAxisThatCannotChange_IsRefused() =>
        Assert.Throws<KitException>(() => Create().Keep(Input, 0, KeepCause.Carrier, "needed"));

    [Fact]
    public void FindArgument_OfANameThatNoFunctionHas_IsRefused()
    {
        var op = new LoneOperator([zeros(2, 4)], [zeros(2, 4)], []) { Handler = new PlantedFunction(PlantedFault.None) };

        Assert.Null(op.FindArgument("dim"));
        Assert.Contains("'dimm'", Assert.Throws<KitException>(() => op.FindArgument("dimm")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Operator_WithoutAHandler_IsRefused()
    {
        using PluginKit kit = PluginKit.For(new PlantedPlugin(PlantedFault.None));
        OperatorSubject subject = kit.Operator(() => nn.Tanh(), (module, inputs) => [module.call(inputs[0])], new KitInput([2, 4]));

        Assert.Contains("no handler", Assert.Throws<KitException>(() => subject.Run(cases: 1)).Message, StringComparison.Ordinal);
        Assert.Throws<KitException>(() => kit.Operator(typeof(Tensor).GetMethod("tanh", [])!, [new InputRef(0)], new KitInput([2, 4])));
    }

    private static LoneOperator Create() => new([zeros(2, 4)], [zeros(2, 4, 3)], []);
}
