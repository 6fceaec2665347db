using System.Reflection;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Recurrent;

/// <summary>
/// Handles recurrent modules. TorchSharp shows neither the dropout between layers, which acts in training only (the smaller module has
/// none), nor the non-linearity of a plain RNN, which is found out by trying.
/// </summary>
internal abstract class RecurrentHandler<TModule> : RuleModuleHandler<TModule>
    where TModule : nn.Module
{
    public override OperatorDescription Description =>
        new(
            "-",
            "a hidden unit that nobody reads; an input that no unit reads",
            "hidden units with a bias; equal counts in all layers and directions"
        )
        {
            Weight = "a hidden unit whose gates are masked, biases too, is zero",
            Folded = "constants of inputs into the input bias",
        };

    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>What the module consists of.</summary>
    protected abstract RecurrentLayout LayoutOf(TModule module);

    /// <summary>A new module of the right size, with any parameters.</summary>
    protected abstract nn.Module Create(TModule original, SmallParameters size, Device device, ScalarType type);

    protected sealed override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        RecurrentLayout layout = LayoutOf(ModuleOf(op));
        return layout.Fits(op) ? [new RecurrentRule(layout)] : [];
    }

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private nn.Module Build(IReplacement replacement)
    {
        RecurrentLayout layout = LayoutOf(ModuleOf(replacement));
        var parameters = new SmallParameters(replacement, layout);
        (string _, TorchSharp.Modules.Parameter first) = ModuleOf(replacement).named_parameters(recurse: false).First();
        nn.Module small = GeneratorState.Keep(() => Create(ModuleOf(replacement), parameters, first.device, first.dtype));
        foreach ((_, TorchSharp.Modules.Parameter parameter) in small.named_parameters(recurse: false))
            parameter.DetachFromDisposeScope(); // a native module does not do so itself
        return parameters.WriteInto(small);
    }

    public override ModuleConstruction FindConstruction(nn.Module replacement)
    {
        var module = (TModule)replacement;
        RecurrentLayout layout = LayoutOf(module);
        Dictionary<string, TorchSharp.Modules.Parameter> parameters = module
            .named_parameters(recurse: false)
            .ToDictionary(own => own.name, own => own.parameter);
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["inputSize"] = parameters[layout.NameOf(RecurrentLayout.InputWeight, 0, 0)].shape[1],
            ["hiddenSize"] = parameters[layout.NameOf(RecurrentLayout.StateWeight, 0, 0)].shape[1],
            ["bias"] = parameters.ContainsKey(layout.NameOf(RecurrentLayout.InputBias, 0, 0)),
        };
        foreach ((string name, object value) in SettingsOf(module))
            arguments[name] = value;
        return new ModuleConstruction(typeof(TModule), arguments);
    }

    public override long CountMacs(IOperator op)
    {
        long steps = op.Input(0).Shape.SkipLast(1).Aggregate(1L, (a, b) => a * b);
        return steps
            * ModuleOf(op).named_parameters(recurse: false).Where(entry => entry.parameter.dim() > 1).Sum(entry => entry.parameter.numel());
    }

    /// <summary>The layout of a module with layers, from the fields that TorchSharp keeps.</summary>
    protected static RecurrentLayout Layered(TModule module, int gates, int content, int states) =>
        new(
            gates,
            content,
            Convert.ToInt32(Read(module, "_num_layers"), null),
            Read(module, "_bidirectional") is true ? 2 : 1,
            states,
            IsCell: false
        );

    /// <summary>What makes a module besides its sizes, by the names of the parameters of the function that makes it.</summary>
    protected virtual IEnumerable<(string Name, object Value)> SettingsOf(TModule module) => [];

    /// <summary>The settings of a module of several layers.</summary>
    protected IEnumerable<(string Name, object Value)> LayeredSettings(TModule module)
    {
        RecurrentLayout layout = LayoutOf(module);
        yield return ("numLayers", (long)layout.Layers);
        yield return ("batchFirst", IsBatchFirst(module));
        yield return ("bidirectional", layout.Directions == 2);
    }

    /// <summary>Whether the batch is the first axis.</summary>
    protected static bool IsBatchFirst(TModule module) => Read(module, "_batch_first") is true;

    private static object? Read(TModule module, string field) => typeof(TModule).GetField(field, Fields)!.GetValue(module);
}
