using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Pipeline;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Handlers that throw: the error names handler, function and operator, and the model is bit for bit what it was.</summary>
public sealed class FailingHandlerTests
{
    [Theory]
    [InlineData(nameof(IModuleHandler.InferFromWeight))]
    [InlineData(nameof(IModuleHandler.InferFromInput))]
    [InlineData(nameof(IModuleHandler.InferFromOutput))]
    [InlineData(nameof(IModuleHandler.Relate))]
    [InlineData(nameof(IModuleHandler.Constrain))]
    [InlineData(nameof(IModuleHandler.CountMacs))]
    public void ModuleHandlerThatThrows_IsNamedAndRolledBack(string function) =>
        AssertNamed(Engine.With([new ThrowingNorm(function)], []), nameof(ThrowingNorm), function, "norm");

    [Fact]
    public void FunctionHandlerThatThrows_IsNamedAndRolledBack() =>
        AssertNamed(Engine.With([], [new ThrowingRelu()]), nameof(ThrowingRelu), nameof(IFunctionHandler.Replace), "relu");

    [Theory]
    [InlineData("SetConstant", nameof(IModuleHandler.InferFromInput), "8 indices")]
    [InlineData("SetUnused", nameof(IModuleHandler.InferFromOutput), "8 indices")]
    [InlineData("Output", nameof(IModuleHandler.InferFromInput), "1 outputs")]
    [InlineData("Tie", nameof(IModuleHandler.Relate), "axis 1 of output 0 has 8 indices")]
    [InlineData("TieWhole", nameof(IModuleHandler.Relate), "axis 1 of output 0 has 8")]
    [InlineData("IsRemoved", nameof(IModuleHandler.Constrain), "axis 1 of input 0 has 8 indices")]
    [InlineData("Keep", nameof(IModuleHandler.Constrain), "axis 1 of input 0 has 8 indices")]
    [InlineData("Note", nameof(IModuleHandler.Constrain), "axis 0 of 'weight' has 8 indices")]
    public void ModuleHandlerThatNamesAWrongIndex_IsNamedAndRolledBack(string member, string function, string message) =>
        AssertNamed(Engine.With([new MiscountingNorm(member)], []), nameof(MiscountingNorm), function, "norm", message);

    [Theory]
    [InlineData(true, "relu has no parameter 'dim'")]
    [InlineData(false, "No function that it handles has a parameter 'dim'")]
    public void FunctionHandlerThatAsksForAnArgumentThatIsNot_IsNamedAndRolledBack(bool isDemanded, string message) =>
        AssertNamed(
            Engine.With([], [new MisnamingRelu(isDemanded)]),
            nameof(MisnamingRelu),
            nameof(IFunctionHandler.InferFromInput),
            "relu",
            message
        );

    /// <summary>Numbers that depend on the size are a reason to try again, and a handler that throws is none: it is named all the same.</summary>
    [Fact]
    public void ModuleHandlerThatThrowsInReplace_OnAModelThatDependsOnTheSize_IsNamed()
    {
        using var scope = NewDisposeScope();
        using var model = new Sized();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 0, 4));
        Snapshot before = Snapshot.Of(model);
        using ServiceProvider services = Engine.With([new ThrowingIdentity()], []);

        var error = Assert.Throws<SpeedupException>(() =>
            services.GetRequiredService<IModelSpeedup>().Speedup(model, [randn(2, 3, 5, 5)], masks)
        );

        Assert.Equal("SPD4001", error.Code);
        Assert.Contains(nameof(ThrowingIdentity), error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot.Of(model));
    }

    /// <summary>Plugins have their last word before the result is judged: what one writes then is found, and put back.</summary>
    [Fact]
    public void ModuleHandlerThatWritesWeightsAtTheEnd_IsFoundAndRolledBack()
    {
        using var scope = NewDisposeScope();
        using var model = new Twice();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "second", 1));
        Snapshot before = Snapshot.Of(model);
        using ServiceProvider provider = Engine.With([new WritingNorm()], []);

        var error = Assert.Throws<SpeedupException>(() =>
            provider.GetRequiredService<IModelSpeedup>().Speedup(model, [randn(2, 3, 5, 5)], masks)
        );

        Assert.Equal("SPD6001", error.Code);
        Assert.Equal(before, Snapshot.Of(model));
    }

    private static void AssertNamed(
        ServiceProvider services,
        string handler,
        string function,
        string name,
        string message = "fails on purpose"
    )
    {
        using ServiceProvider _ = services;
        using var scope = NewDisposeScope();
        using var model = new Twice();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 0, 4), MaskFactory.Rows(model, "second", 1));
        Snapshot before = Snapshot.Of(model);

        var error = Assert.Throws<SpeedupException>(() =>
            services.GetRequiredService<IModelSpeedup>().Speedup(model, [randn(2, 3, 5, 5)], masks)
        );

        Assert.Equal("SPD3004", error.Code);
        Assert.All([handler + "." + function, name, message], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Equal(before, Snapshot.Of(model));
    }

    private sealed class Twice : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3, padding: 1);
        private readonly BatchNorm2d norm = nn.BatchNorm2d(8);
        private readonly Conv2d second = nn.Conv2d(8, 6, 1);
        private readonly Conv2d head = nn.Conv2d(6, 2, 1);

        public Twice()
            : base(nameof(Twice))
        {
            RegisterComponents();
            SmallNetworks.Randomize(this, 51);
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = norm.forward(nn.functional.relu(norm.forward(first.forward(input))));
            return head.forward(nn.functional.relu(second.forward(x)));
        }
    }

    private sealed class Sized : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3);
        private readonly Identity identity = nn.Identity();
        private readonly Conv2d last = nn.Conv2d(8, 4, 3);

        public Sized()
            : base(nameof(Sized)) => RegisterComponents();

        public override Tensor forward(Tensor input) => last.forward(identity.forward(first.forward(input)) * input.shape[2]);
    }

    private sealed class ThrowingIdentity : RuleModuleHandler<Identity>
    {
        protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Elementwise.Unchanged];

        public override SmallModule? Replace(IReplacement replacement) => throw new InvalidOperationException("It fails on purpose.");
    }

    private sealed class ThrowingNorm(string function) : ModuleHandler<BatchNorm2d>
    {
        public override void InferFromWeight(IOperator op) => ThrowIf(nameof(InferFromWeight));

        public override void InferFromInput(IOperator op) => ThrowIf(nameof(InferFromInput));

        public override void InferFromOutput(IOperator op) => ThrowIf(nameof(InferFromOutput));

        public override void Relate(IRelations relations) => ThrowIf(nameof(Relate));

        public override void Constrain(IPlanning plan) => ThrowIf(nameof(Constrain));

        public override long CountMacs(IOperator op)
        {
            ThrowIf(nameof(CountMacs));
            return 0;
        }

        private void ThrowIf(string called)
        {
            if (called == function)
                throw new InvalidOperationException("It fails on purpose.");
        }
    }

    private sealed class ThrowingRelu : FunctionHandler
    {
        public override IReadOnlyList<FunctionKey> Functions => [new(typeof(nn.functional), "relu")];

        public override void Relate(IRelations relations) { }

        public override IReadOnlyDictionary<string, object?> Replace(IReplacement replacement) =>
            throw new InvalidOperationException("It fails on purpose.");
    }

    private sealed class WritingNorm : ModuleHandler<BatchNorm2d>
    {
        public override void Relate(IRelations relations) { }

        public override long CountMacs(IOperator op)
        {
            using var _ = no_grad();
            ModuleOf(op).weight!.add_(1);
            return 0;
        }
    }

    private sealed class MiscountingNorm(string member) : ModuleHandler<BatchNorm2d>
    {
        private const int Missing = 8;
        private static readonly AxisRef Input = AxisRef.OfInput(0, 1);
        private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);

        public override void InferFromInput(IOperator op)
        {
            if (member == "SetConstant")
                op.Facts(Output).SetConstant(Missing, 0);
            if (member == "Output")
                op.Output(1)[1].SetConstant(0, 0);
        }

        public override void InferFromOutput(IOperator op)
        {
            if (member == "SetUnused")
                op.Facts(Input).SetUnused(Missing);
        }

        public override void Relate(IRelations relations)
        {
            if (member == "Tie")
                relations.Tie(Input, Missing - 1, Output, Missing);
            else if (member == "TieWhole")
                relations.Tie(AxisRef.OfInput(0, 0), Output);
            relations.Tie(Input, Output);
        }

        public override void Constrain(IPlanning plan)
        {
            if (member == "IsRemoved")
                plan.IsRemoved(Input, -1);
            if (member == "Keep")
                plan.Keep(Input, Missing, KeepCause.Barrier, "a reason");
            if (member == "Note")
                plan.Note(AxisRef.OfParameter("weight", 0), Missing, KeepCause.Barrier, "a reason");
        }
    }

    private sealed class MisnamingRelu(bool isDemanded) : FunctionHandler
    {
        public override IReadOnlyList<FunctionKey> Functions => [new(typeof(nn.functional), "relu")];

        public override void InferFromInput(IOperator op) => _ = isDemanded ? op.Argument("dim") : op.FindArgument("dim");

        public override void Relate(IRelations relations) { }
    }
}
