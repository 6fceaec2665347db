using Speedup.Abstractions;
using Speedup.TestKit;
using Speedup.TestKit.Reports;
using Xunit;
using static TorchSharp.torch;

namespace TestKit.Tests.Planted;

/// <summary>
/// One fault in each function, of each kind: the kit says which function of whose handler is at fault, where it shows, and how to see it again.
/// </summary>
public sealed class PlantedFaultTests
{
    private const string Weight = nameof(IOperatorHandler.InferFromWeight);
    private const string Input = nameof(IOperatorHandler.InferFromInput);
    private const string Output = nameof(IOperatorHandler.InferFromOutput);
    private const string Relate = nameof(IOperatorHandler.Relate);
    private const string Constrain = nameof(IOperatorHandler.Constrain);
    private const string Replace = nameof(IModuleHandler.Replace);
    private static readonly AxisRef InputAxis = AxisRef.OfInput(0, 1);
    private static readonly AxisRef OutputAxis = AxisRef.OfOutput(0, 1);

    [Theory]
    [InlineData(PlantedFault.WeightClaimsAWrongConstant, KitFaultKind.Soundness, Weight, PortKind.Output)]
    [InlineData(PlantedFault.WeightClaimsAUsedInput, KitFaultKind.Soundness, Weight, PortKind.Input)]
    [InlineData(PlantedFault.WeightSaysNothing, KitFaultKind.Completeness, Weight, PortKind.Output)]
    [InlineData(PlantedFault.InputClaimsAWrongValue, KitFaultKind.Soundness, Input, PortKind.Output)]
    [InlineData(PlantedFault.InputClaimsAVaryingOutput, KitFaultKind.Soundness, Input, PortKind.Output)]
    [InlineData(PlantedFault.InputSaysNothing, KitFaultKind.Completeness, Input, PortKind.Output)]
    [InlineData(PlantedFault.OutputClaimsAUsedInput, KitFaultKind.Soundness, Output, PortKind.Input)]
    [InlineData(PlantedFault.OutputSaysNothing, KitFaultKind.Completeness, Output, PortKind.Input)]
    [InlineData(PlantedFault.InferWritesTheWeight, KitFaultKind.StatePreservation, Weight, null)]
    [InlineData(PlantedFault.RelateSaysNothing, KitFaultKind.Completeness, Relate, PortKind.Output)]
    [InlineData(PlantedFault.RelateTiesAllTogether, KitFaultKind.Completeness, Relate, PortKind.Output)]
    [InlineData(PlantedFault.RelateForgetsTheBuffer, KitFaultKind.Soundness, Relate, PortKind.Parameter)]
    [InlineData(PlantedFault.RelateWritesTheWeight, KitFaultKind.StatePreservation, Relate, null)]
    [InlineData(PlantedFault.ConstrainKeepsAll, KitFaultKind.Completeness, Constrain, PortKind.Output)]
    [InlineData(PlantedFault.ReplaceTakesAnotherType, KitFaultKind.ShapeContract, Replace, null)]
    [InlineData(PlantedFault.ReplaceWritesTheBuffer, KitFaultKind.StatePreservation, Replace, null)]
    [InlineData(PlantedFault.ReplaceLosesTheCounter, KitFaultKind.ShapeContract, Replace, null)]
    public void Run_FaultInANormalisation_IsNamed(PlantedFault fault, KitFaultKind kind, string function, PortKind? port) =>
        Check<PlantedNorm>(fault, PlantedSubject.Norm, kind, function, port);

    [Theory]
    [InlineData(PlantedFault.RelateTiesOtherIndices, KitFaultKind.Soundness, Relate, PortKind.Input)]
    [InlineData(PlantedFault.RelateReleasesInsteadOfTying, KitFaultKind.Soundness, Relate, PortKind.Input)]
    [InlineData(PlantedFault.RelateForgetsTheParameter, KitFaultKind.Soundness, Relate, PortKind.Parameter)]
    [InlineData(PlantedFault.ReplaceTakesOtherRows, KitFaultKind.Soundness, Replace, PortKind.Output)]
    [InlineData(PlantedFault.ReplaceServesTheOldOne, KitFaultKind.Soundness, Replace, null)]
    public void Run_FaultInAnActivation_IsNamed(PlantedFault fault, KitFaultKind kind, string function, PortKind? port) =>
        Check<PlantedSlopes>(fault, PlantedSubject.Slopes, kind, function, port);

    [Fact]
    public void Run_ColumnsAreNotTied_IsNamed() =>
        Check<PlantedConvolution>(
            PlantedFault.RelateForgetsTheColumns,
            PlantedSubject.Convolution,
            KitFaultKind.Soundness,
            Relate,
            PortKind.Parameter
        );

    [Fact]
    public void Run_ConstantsAreNotFolded_IsNamed() =>
        Check<PlantedConvolution>(
            PlantedFault.ReplaceForgetsTheConstants,
            PlantedSubject.Convolution,
            KitFaultKind.Soundness,
            Replace,
            PortKind.Input
        );

    [Fact]
    public void Run_NoCarrierIsKept_IsNamed() =>
        Check<PlantedConvolution>(
            PlantedFault.ConstrainForgetsTheCarrier,
            PlantedSubject.PaddedConvolution,
            KitFaultKind.Soundness,
            Constrain,
            PortKind.Input
        );

    [Fact]
    public void Run_GroupsBecomeUnequal_IsNamed() =>
        Check<PlantedConvolution>(
            PlantedFault.ConstrainForgetsTheGroups,
            PlantedSubject.GroupedConvolution,
            KitFaultKind.Soundness,
            Constrain,
            PortKind.Input
        );

    [Theory]
    [InlineData(PlantedFault.FunctionClaimsAWrongValue, KitFaultKind.Soundness, Input, PortKind.Output)]
    [InlineData(PlantedFault.FunctionClaimsAUsedInput, KitFaultKind.Soundness, Output, PortKind.Input)]
    [InlineData(PlantedFault.FunctionSaysNothingOfInputs, KitFaultKind.Completeness, Input, PortKind.Output)]
    [InlineData(PlantedFault.FunctionTiesOtherIndices, KitFaultKind.Soundness, Relate, PortKind.Input)]
    public void Run_FaultInAFunction_IsNamed(PlantedFault fault, KitFaultKind kind, string function, PortKind? port) =>
        Check<PlantedFunction>(fault, PlantedSubject.Sinc, kind, function, port);

    [Fact]
    public void Run_AFunctionNeedsWhatIsReleased_IsNamed() =>
        Check<PlantedFunction>(
            PlantedFault.FunctionReleasesTooMuch,
            PlantedSubject.Softmax,
            KitFaultKind.Soundness,
            Relate,
            PortKind.Input
        );

    [Fact]
    public void Run_AFunctionIsGivenOldNumbers_IsNamed() =>
        Check<PlantedFunction>(PlantedFault.FunctionGivesNoArguments, PlantedSubject.View, KitFaultKind.Soundness, Replace, null);

    [Theory]
    [InlineData(PlantedFault.ThrowsInInferFromWeight, KitFaultKind.Engine, Weight)]
    [InlineData(PlantedFault.ThrowsInInferFromInput, KitFaultKind.Engine, Input)]
    [InlineData(PlantedFault.ThrowsInInferFromOutput, KitFaultKind.Engine, Output)]
    [InlineData(PlantedFault.ThrowsInRelate, KitFaultKind.Engine, Relate)]
    [InlineData(PlantedFault.ThrowsInConstrain, KitFaultKind.Engine, Constrain)]
    [InlineData(PlantedFault.ThrowsInReplace, KitFaultKind.ShapeContract, Replace)]
    public void Run_AFunctionThrows_IsNamedWithItsPlace(PlantedFault fault, KitFaultKind kind, string function)
    {
        KitFault found = Check<PlantedNorm>(fault, PlantedSubject.Norm, kind, function, null);

        Assert.Contains("It fails on purpose", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AFunctionsHandlerThrows_IsNamedWithItsPlace()
    {
        KitFault found = Check<PlantedFunction>(PlantedFault.ThrowsInFunction, PlantedSubject.Sinc, KitFaultKind.Engine, Relate, null);

        Assert.Contains($"at {typeof(PlantedFunction).FullName}.Relate", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NothingPlanted_Passes()
    {
        using PluginKit kit = PluginKit.For(new PlantedPlugin(PlantedFault.None));
        Func<PluginKit, KitSubject>[] subjects =
        [
            PlantedSubject.Slopes,
            PlantedSubject.Norm,
            PlantedSubject.Convolution,
            PlantedSubject.PaddedConvolution,
            PlantedSubject.GroupedConvolution,
            PlantedSubject.Sinc,
            PlantedSubject.Softmax,
            PlantedSubject.View,
        ];

        Assert.All(subjects, make => make(kit).Run(cases: 16, seed: 1).ThrowIfFailed());
    }

    /// <summary>Every fault that is found in float64 names the function, and the first one can be seen again.</summary>
    private static KitFault Check<THandler>(
        PlantedFault fault,
        Func<PluginKit, KitSubject> make,
        KitFaultKind kind,
        string function,
        PortKind? port
    )
    {
        using PluginKit kit = PluginKit.For(new PlantedPlugin(fault));
        KitSubject subject = make(kit);

        KitReport report = subject.Run(cases: 16, seed: 1);

        Assert.NotEmpty(report.Faults);
        KitFault? misled = report.Faults.FirstOrDefault(found =>
            found.Handler != typeof(THandler).FullName || (found.Function != function && found.Type != ScalarType.Float32)
        );
        Assert.True(misled is null, $"{misled}");
        Assert.True(report.Faults.Any(found => found.Kind == kind), report.ToString());
        KitFault first = report.Faults.First(found => found.Kind == kind);
        Assert.Equal(port, first.Axis?.Kind);
        Assert.True(first.Axis is not { } axis || port == PortKind.Parameter || axis == InputAxis || axis == OutputAxis, first.ToString());
        Assert.True(first.Indices.Count > 0 || port is null or PortKind.Parameter, first.ToString());
        Assert.Contains($"{typeof(THandler).FullName}.{function}", first.ToString(), StringComparison.Ordinal);
        Assert.Matches("seed: \\d+", first.ToString());
        Assert.DoesNotContain("Speedup.TestKit", first.ToString(), StringComparison.Ordinal);
        if (first.Seed is { } seed)
            Assert.Contains(first, subject.Run(cases: 1, seed).Faults);
        return first;
    }
}
