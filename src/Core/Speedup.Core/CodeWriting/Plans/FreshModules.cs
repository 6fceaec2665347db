using System.Reflection;
using System.Text.Json;
using Speedup.Abstractions;
using Speedup.Core.SmallModels.Descriptions;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>
/// The modules of a plan, made as its code will make them, with the model's weights: what they compute shows whether their settings were read right.
/// </summary>
internal sealed class FreshModules : IDisposable
{
    private readonly Dictionary<CodeModule, nn.Module> _made = new(ReferenceEqualityComparer.Instance);

    /// <summary>Makes the modules.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="device">Where the model's inputs are.</param>
    /// <param name="reasons">Takes what came out otherwise than the model's.</param>
    public FreshModules(CodePlan plan, Device device, List<string> reasons)
    {
        foreach (CodeModule module in plan.Modules)
        {
            nn.Module made = GeneratorState.Keep(() => Make(module.Made!.Factory, module.Made.Arguments));
            _made[module] = made;
            made.to(device);
            made.eval();
            if (FindDifference(module.Module, made) is { } difference)
                reasons.Add(
                    $"'{module.Path}' ({module.Module.GetType().Name}) cannot be made again by nn.{module.Made!.Factory.Name}: {difference}."
                );
            else
                Fill(module.Module, made);
        }
    }

    /// <summary>The module that was made.</summary>
    public nn.Module this[CodeModule module] => _made[module];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nn.Module made in _made.Values)
            made.Dispose();
    }

    private static nn.Module Make(MethodInfo factory, IReadOnlyList<CodeArgument> arguments)
    {
        var copied = new List<nn.Module>();
        object?[] values = [.. arguments.Select(argument => ValueOf(argument.Value, copied))];
        try
        {
            return (nn.Module)factory.Invoke(null, BindingFlags.DoNotWrapExceptions, null, values, null)!;
        }
        finally
        {
            copied.ForEach(module => module.Dispose());
        }
    }

    private static object? ValueOf(CodeValue value, List<nn.Module> copied)
    {
        if (value is CodeValue.Literal literal)
            return literal.Value;
        var construction = (CodeValue.Construction)value;
        nn.Module module = Make(construction.Factory, construction.Arguments);
        copied.Add(module);
        return module;
    }

    private static string? FindDifference(nn.Module original, nn.Module made)
    {
        Dictionary<string, Tensor> wanted = original.state_dict();
        Dictionary<string, Tensor> got = made.state_dict();
        foreach (string name in wanted.Keys.Union(got.Keys))
        {
            if (!wanted.TryGetValue(name, out Tensor? tensor) || !got.TryGetValue(name, out Tensor? other))
                return $"only one of the two has '{name}'";
            if (tensor.dtype != other.dtype || !tensor.shape.AsSpan().SequenceEqual(other.shape))
                return $"'{name}' would be {TensorDescription.Of(other)}, and is {TensorDescription.Of(tensor)}";
        }
        return new SettingFields()
            .Of(original.GetType())
            .Where(field => !JsonElement.DeepEquals(field.Read(original), field.Read(made)))
            .Select(field => $"its '{field.Name}' would be {field.Read(made)}, and is {field.Read(original)}")
            .FirstOrDefault();
    }

    private static void Fill(nn.Module original, nn.Module made)
    {
        Dictionary<string, Tensor> weights = original.state_dict();
        foreach ((string name, Tensor tensor) in made.state_dict())
            tensor.copy_(weights[name]);
    }
}
