using System.Reflection;
using Speedup.Abstractions;
using Speedup.TestKit;
using Speedup.TestKit.Operators;
using Speedup.TestKit.Reports;
using Speedup.TestKit.Subjects;
using Xunit;
using static TorchSharp.torch;

namespace TestKit.Tests.Planted;

/// <summary>The planted faults, looked for in handlers that are tested alone.</summary>
public sealed class PlantedOperatorTests
{
    private const string Weight = nameof(IOperatorHandler.InferFromWeight);
    private const string Input = nameof(IOperatorHandler.InferFromInput);
    private const string Output = nameof(IOperatorHandler.InferFromOutput);
    private const string Relate = nameof(IOperatorHandler.Relate);
    private const string Constrain = nameof(IOperatorHandler.Constrain);
    private const string Replace = nameof(IModuleHandler.Replace);

    [Theory]
    [InlineData("norm", PlantedFault.WeightClaimsAWrongConstant, KitFaultKind.Soundness, Weight)]
    [InlineData("norm", PlantedFault.WeightClaimsAUsedInput, KitFaultKind.Soundness, Weight)]
    [InlineData("norm", PlantedFault.InputClaimsAWrongValue, KitFaultKind.Soundness, Input)]
    [InlineData("norm", PlantedFault.InputClaimsAVaryingOutput, KitFaultKind.Soundness, Input)]
    [InlineData("norm", PlantedFault.OutputClaimsAUsedInput, KitFaultKind.Soundness, Output)]
    [InlineData("norm", PlantedFault.InferWritesTheWeight, KitFaultKind.StatePreservation, Weight)]
    [InlineData("norm", PlantedFault.RelateForgetsTheBuffer, KitFaultKind.Soundness, Relate)]
    [InlineData("norm", PlantedFault.RelateWritesTheWeight, KitFaultKind.StatePreservation, Relate)]
    [InlineData("norm", PlantedFault.ReplaceTakesAnotherType, KitFaultKind.ShapeContract, Replace)]
    [InlineData("norm", PlantedFault.ReplaceWritesTheBuffer, KitFaultKind.StatePreservation, Replace)]
    [InlineData("norm", PlantedFault.ReplaceLosesTheCounter, KitFaultKind.ShapeContract, Replace)]
    [InlineData("norm", PlantedFault.ThrowsInConstrain, KitFaultKind.Engine, Constrain)]
    [InlineData("norm", PlantedFault.ThrowsInReplace, KitFaultKind.ShapeContract, Replace)]
    [InlineData("slopes", PlantedFault.RelateForgetsTheParameter, KitFaultKind.Soundness, Relate)]
    [InlineData("slopes", PlantedFault.ReplaceTakesOtherRows, KitFaultKind.Soundness, Replace)]
    [InlineData("slopes", PlantedFault.ReplaceServesTheOldOne, KitFaultKind.Soundness, Replace)]
    [InlineData("convolution", PlantedFault.RelateForgetsTheColumns, KitFaultKind.Soundness, Relate)]
    [InlineData("convolution", PlantedFault.ReplaceForgetsTheConstants, KitFaultKind.Soundness, Replace)]
    [InlineData("padded", PlantedFault.ConstrainForgetsTheCarrier, KitFaultKind.Soundness, Constrain)]
    [InlineData("grouped", PlantedFault.ConstrainForgetsTheGroups, KitFaultKind.Soundness, Constrain)]
    [InlineData("sinc", PlantedFault.FunctionClaimsAWrongValue, KitFaultKind.Soundness, Input)]
    [InlineData("sinc", PlantedFault.FunctionClaimsAUsedInput, KitFaultKind.Soundness, Output)]
    [InlineData("sinc", PlantedFault.FunctionTiesOtherIndices, KitFaultKind.Soundness, Relate)]
    [InlineData("softmax", PlantedFault.FunctionReleasesTooMuch, KitFaultKind.Soundness, Relate)]
    [InlineData("view", PlantedFault.FunctionGivesNoArguments, KitFaultKind.Soundness, Replace)]
    public void Run_FaultInAFunction_IsNamed(string name, PlantedFault fault, KitFaultKind kind, string function)
    {
        using PluginKit kit = PluginKit.For(new PlantedPlugin(fault));
        OperatorSubject subject = Create(kit, name);

        OperatorReport report = subject.Run(cases: 40, seed: 1);

        KitFault? found = report.Faults.FirstOrDefault(found => found.Kind == kind && found.Function == function);
        Assert.True(found is not null, report.ToString());
        Assert.Contains(found, subject.Run(cases: 1, found.Seed!.Value).Faults);
        Assert.StartsWith("TestKit.Tests.Planted.Planted", found.Handler, StringComparison.Ordinal);
        Assert.Throws<KitException>(report.ThrowIfFailed);
    }

    [Theory]
    [InlineData("norm")]
    [InlineData("slopes")]
    [InlineData("convolution")]
    [InlineData("padded")]
    [InlineData("grouped")]
    [InlineData("sinc")]
    [InlineData("softmax")]
    [InlineData("view")]
    public void Run_NothingPlanted_Passes(string name)
    {
        using PluginKit kit = PluginKit.For(new PlantedPlugin(PlantedFault.None));

        OperatorReport report = Create(kit, name).Run(cases: 40, seed: 1);

        report.ThrowIfFailed();
        Assert.Equal(40, report.Cases);
        Assert.Equal(name != "softmax", report.Removed > 0);
    }

    private static OperatorSubject Create(PluginKit kit, string name)
    {
        KitInput input = new([2, 6, 4, 4])
        {
            OtherShapes =
            [
                [3, 6, 8, 5],
                [7, 6, 3, 12],
            ],
        };
        return name switch
        {
            "norm" => kit.Operator(() => nn.BatchNorm2d(6), (module, inputs) => [module.call(inputs[0])], input),
            "slopes" => kit.Operator(() => nn.PReLU(6), (module, inputs) => [module.call(inputs[0])], input),
            "convolution" => kit.Operator(() => nn.Conv2d(6, 8, 3), (module, inputs) => [module.call(inputs[0])], input),
            "padded" => kit.Operator(() => nn.Conv2d(6, 8, 3, padding: 1), (module, inputs) => [module.call(inputs[0])], input),
            "grouped" => kit.Operator(() => nn.Conv2d(6, 8, 3, groups: 2), (module, inputs) => [module.call(inputs[0])], input),
            "sinc" => kit.Operator(MethodOf("sinc"), [new InputRef(0)], input),
            "softmax" => kit.Operator(MethodOf("softmax", typeof(long), typeof(ScalarType?)), [new InputRef(0), 1L, null], input),
            _ => kit.Operator(MethodOf("view", typeof(long[])), [new InputRef(0), new long[] { 2, 6, 9 }], new KitInput([2, 6, 3, 3])),
        };
    }

    private static MethodInfo MethodOf(string name, params Type[] parameters) => typeof(Tensor).GetMethod(name, parameters)!;
}
