using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Speedup.Abstractions;
using Speedup.Core.SmallModels.Descriptions;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>
/// Tells with which arguments the function of <c>torch.nn</c> makes a module again: from its fields, the lengths of its parameters, and what a handler has
/// said of a module that it made. Whether that is right shows when the module is made.
/// </summary>
internal static class ModuleSettings
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const BindingFlags Factories = BindingFlags.Public | BindingFlags.Static;

    /// <summary>Names of fields that hold what the parameter of another name is given.</summary>
    private static readonly Dictionary<string, string[]> Fields = new(StringComparer.Ordinal)
    {
        ["inputSize"] = ["in_features"],
        ["outputSize"] = ["out_features"],
        ["hiddenSize"] = ["_hidden_size"],
        ["numLayers"] = ["_num_layers"],
        ["batchFirst"] = ["_batch_first"],
        ["bidirectional"] = ["_bidirectional"],
        ["size"] = ["_size"],
        ["scale_factor"] = ["_scale_factor"],
        ["p"] = ["norm"],
    };

    /// <summary>Parameters of modules, and their axes, whose length a parameter is given where no field has it.</summary>
    private static readonly Dictionary<string, (string Tensor, int Axis)[]> Lengths = new(StringComparer.Ordinal)
    {
        ["inputSize"] = [("weight_ih_l0", 1), ("weight_ih", 1)],
        ["hiddenSize"] = [("weight_hh_l0", 1), ("weight_hh", 1)],
        ["num_embeddings"] = [("weight", 0)],
        ["embedding_dims"] = [("weight", 1)],
        ["num_channels"] = [("weight", 0)],
    };

    /// <summary>The function that makes a module, and its arguments; null where nobody knows them.</summary>
    public static CodeValue.Construction? Find(nn.Module module)
    {
        IReadOnlyDictionary<string, object?>? known = ModelOrigins.FindConstruction(module)?.Arguments;
        return Find(module.GetType(), parameter => known is null ? FindValue(module, parameter) : FindKnown(known, module, parameter));
    }

    private static CodeValue.Construction? Find(Type type, Func<ParameterInfo, CodeValue?> valueOf)
    {
        foreach (MethodInfo factory in typeof(nn).GetMethods(Factories).Where(Makes).OrderBy(Complexity))
        {
            CodeArgument[] arguments =
            [
                .. from parameter in factory.GetParameters()
                let value = valueOf(parameter)
                where value is not null
                select new CodeArgument(parameter, value),
            ];
            if (arguments.Length == factory.GetParameters().Length)
                return new CodeValue.Construction(factory, arguments);
        }
        return null;

        bool Makes(MethodInfo method) => method.Name == type.Name && method.ReturnType == type;
    }

    /// <summary>One number for all axes is read most easily.</summary>
    private static int Complexity(MethodInfo factory) =>
        factory
            .GetParameters()
            .Count(parameter => typeof(ITuple).IsAssignableFrom(Plain(parameter.ParameterType)) || parameter.ParameterType.IsArray);

    private static CodeValue? FindKnown(IReadOnlyDictionary<string, object?> known, nn.Module? module, ParameterInfo parameter)
    {
        if (!known.TryGetValue(parameter.Name!, out object? value))
            return module is not null ? FindValue(module, parameter, mayBeSetting: false)
                : parameter.HasDefaultValue ? Convert(parameter.DefaultValue, parameter.ParameterType)
                : null;
        if (value is ModuleConstruction inner)
            return Find(inner.ModuleType, own => FindKnown(inner.Arguments, null, own));
        if (value is JsonElement json)
            value = json.Deserialize(parameter.ParameterType);
        return Convert(value, parameter.ParameterType);
    }

    private static CodeValue.Literal? FindValue(nn.Module module, ParameterInfo parameter, bool mayBeSetting = true)
    {
        string name = parameter.Name!;
        Dictionary<string, Tensor> tensors = module.state_dict();
        if (name == "device")
            return new CodeValue.Literal(null);
        if (name == "dtype")
            return new CodeValue.Literal(FindType(tensors.Values));
        if (name is "bias" or "hasBias" && parameter.ParameterType == typeof(bool))
            return new CodeValue.Literal(tensors.Keys.Any(key => key.StartsWith("bias", StringComparison.Ordinal)));
        if (mayBeSetting && FindField(module, parameter) is { } field)
            return Convert(field.Value, parameter.ParameterType);
        foreach ((string tensor, int axis) in Lengths.GetValueOrDefault(name, []))
        {
            if (tensors.TryGetValue(tensor, out Tensor? found))
                return new CodeValue.Literal(found.shape[axis]);
        }
        return parameter.HasDefaultValue ? Convert(parameter.DefaultValue, parameter.ParameterType) : null;
    }

    /// <summary>The element type of a module's parameters, where it is not the usual one.</summary>
    private static object? FindType(IEnumerable<Tensor> tensors)
    {
        ScalarType type = tensors
            .Where(tensor => tensor.is_floating_point())
            .Select(tensor => tensor.dtype)
            .FirstOrDefault(ScalarType.Float32);
        return type == ScalarType.Float32 ? null : type;
    }

    /// <summary>A field that holds what a parameter was given; its value may be null.</summary>
    private static StrongBox<object?>? FindField(nn.Module module, ParameterInfo parameter)
    {
        string name = parameter.Name!;
        bool isPadding = Plain(parameter.ParameterType).Name == "Padding";
        string[] names = isPadding ? ["padding_type"] : [name, .. Fields.GetValueOrDefault(name, [])];
        foreach (string candidate in names)
        {
            if (
                module.GetType().GetProperty(candidate, Any) is { CanRead: true } property
                && property.GetIndexParameters().Length == 0
                && !IsTensor(property.PropertyType)
            )
                return new StrongBox<object?>(property.GetValue(module));
            for (Type? type = module.GetType(); type is not null; type = type.BaseType)
            {
                if (type.GetField(candidate, Any) is { } field && !IsTensor(field.FieldType))
                    return new StrongBox<object?>(field.GetValue(module));
            }
        }
        return null;
    }

    private static bool IsTensor(Type type) => typeof(Tensor).IsAssignableFrom(type);

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>A value as a parameter takes it: the numbers of all axes as one, a tuple or an array; null where it is something else.</summary>
    private static CodeValue.Literal? Convert(object? value, Type type)
    {
        Type plain = Plain(type);
        if (value is null)
            return plain.IsValueType && plain == type ? null : new CodeValue.Literal(null);
        if (plain.IsInstanceOfType(value))
            return new CodeValue.Literal(value);
        object[] items =
            value is ITuple tuple ? [.. Enumerable.Range(0, tuple.Length).Select(i => tuple[i]!)]
            : value is Array array ? [.. array.Cast<object>()]
            : [value];
        if (items.Length > 0 && Array.TrueForAll(items, plain.IsInstanceOfType) && Array.TrueForAll(items, item => item.Equals(items[0])))
            return new CodeValue.Literal(items[0]);
        if (
            typeof(ITuple).IsAssignableFrom(plain)
            && plain.GetGenericArguments().Length == items.Length
            && Array.TrueForAll(items, plain.GetGenericArguments()[0].IsInstanceOfType)
        )
            return new CodeValue.Literal(Activator.CreateInstance(plain, items));
        return plain == typeof(double) && value is float number ? new CodeValue.Literal((double)number) : null;
    }
}
