using System.Reflection;
using System.Text.Json;
using Speedup.Abstractions;
using Speedup.Core.Models;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Core.SmallModels.Recipes;
using Speedup.Modules;
using Speedup.Persistence.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Loading;

/// <summary>Makes the modules that calls of a recipe stand for, of known classes only.</summary>
internal sealed class ModuleMaker(KnownClasses classes, StoredTensors tensors, string file)
{
    /// <summary>The native modules that were made, each with how.</summary>
    public Dictionary<nn.Module, ModuleConstruction> Constructions { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Makes a module, with its tensors in place.</summary>
    /// <param name="path">Where it is to be.</param>
    /// <param name="call">How it is made.</param>
    /// <param name="dense">The dense model's module there.</param>
    /// <param name="device">Where its tensors are to be.</param>
    /// <exception cref="SmallModelException">The class is unknown, or the call makes something else than the recipe says.</exception>
    public nn.Module Make(string path, RecipeCall call, nn.Module dense, Device device)
    {
        Type type = Resolve(path, call);
        bool isNative = CodeOrigin.IsTorch(type);
        if (isNative)
            NativeSize.Check(path, call, tensors, file);
        nn.Module made = Invoke(path, call, type, dense, device);
        if (isNative && call.Tensors.Values.FirstOrDefault() is { } first)
            made.to(device, first.Type);
        Fill(path, call, made, isNative);
        if (isNative)
            Constructions[made] = Describe(path, call, type);
        return made;
    }

    private ModuleConstruction Describe(string path, RecipeCall call, Type type) =>
        new(
            type,
            call.Arguments.ToDictionary(
                entry => entry.Key,
                object? (entry) => entry.Value.Call is { } inner ? Describe(path, inner, Resolve(path, inner)) : entry.Value.Value
            )
        );

    private Type Resolve(string path, RecipeCall call)
    {
        if (classes.Find(call.Class) is { } type && (CodeOrigin.IsTorch(type) || typeof(ISavableModule).IsAssignableFrom(type)))
            return type;
        throw new SmallModelException(
            SmallModelCodes.UnknownClass,
            file,
            $"'{Quoted.Text(path)}' is a {Quoted.Text(call.Class)} in the file, a class that it may not make; the model is unchanged. If you know the "
                + $"class and trust the file, give it in {nameof(SmallModelOptions)}.{nameof(SmallModelOptions.ModuleTypes)}; it must be an "
                + $"{nameof(ISavableModule)}."
        );
    }

    private nn.Module Invoke(string path, RecipeCall call, Type type, nn.Module dense, Device device)
    {
        IEnumerable<MethodBase> candidates = CodeOrigin.IsTorch(type)
            ? typeof(nn)
                .GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Where(method => method.Name == type.Name && method.ReturnType == type)
            : type.GetConstructors();
        MethodBase? target = candidates.FirstOrDefault(candidate => Takes(candidate, call));
        if (target is null)
            throw Wrong(path, $"nothing makes a {Quoted.Text(call.Class)} of these arguments: {Names(call)}");
        var made = new List<nn.Module>();
        object?[] arguments = [.. target.GetParameters().Select(parameter => ArgumentFor(path, parameter, call, dense, device, made))];
        try
        {
            return GeneratorState.Keep(() =>
                (nn.Module)(target is ConstructorInfo own ? own.Invoke(arguments) : target.Invoke(null, arguments)!)
            );
        }
        catch (TargetInvocationException fault)
        {
            throw Wrong(path, $"a {Quoted.Text(call.Class)} cannot be made ({fault.InnerException!.Message.Split('\n')[0]})", fault);
        }
        finally
        {
            if (CodeOrigin.IsTorch(type))
                made.ForEach(module => module.Dispose()); // they were copied
        }
    }

    private static bool Takes(MethodBase candidate, RecipeCall call)
    {
        ParameterInfo[] parameters = candidate.GetParameters();
        return Array.TrueForAll(parameters, parameter => parameter.HasDefaultValue || call.Arguments.ContainsKey(parameter.Name!))
            && call.Arguments.All(given =>
                Array.Exists(parameters, parameter => parameter.Name == given.Key && IsFor(parameter.ParameterType, given.Value))
            );
    }

    private static bool IsFor(Type type, RecipeArgument argument) =>
        argument switch
        {
            { Value: not null } => PlainTypes.IsPlain(type),
            { Tensor: not null } => type.IsAssignableFrom(typeof(Tensor)),
            { Tensors: not null } => type.IsAssignableFrom(typeof(Dictionary<string, Tensor>)),
            { Call: not null } or { Dense: true } => typeof(nn.Module).IsAssignableFrom(type),
            _ => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null,
        };

    private object? ArgumentFor(string path, ParameterInfo parameter, RecipeCall call, nn.Module dense, Device device, List<nn.Module> made)
    {
        if (!call.Arguments.TryGetValue(parameter.Name!, out RecipeArgument? argument))
            return parameter.DefaultValue;
        if (argument.Value is { } value)
            return Parse(path, parameter, value);
        if (argument.Tensor is { } tensor)
            return tensors.Take(tensor, device);
        if (argument.Tensors is { } named)
            return named.ToDictionary(entry => entry.Key, entry => tensors.Take(entry.Value, device));
        nn.Module? module = argument.Dense ? dense : null;
        if (argument.Call is { } inner)
            made.Add(module = Make($"{path}.{parameter.Name}", inner, dense, device));
        if (module is not null && !parameter.ParameterType.IsInstanceOfType(module))
            throw Wrong(path, $"'{parameter.Name}' of {Quoted.Text(call.Class)} cannot be a {module.GetType()}");
        return module;
    }

    private object? Parse(string path, ParameterInfo parameter, JsonElement value)
    {
        try
        {
            return value.Deserialize(PlainTypes.Stored(parameter.ParameterType));
        }
        catch (JsonException fault)
        {
            throw Wrong(path, $"'{parameter.Name}' cannot be {Quoted.Text(value.GetRawText())}", fault);
        }
    }

    private void Fill(string path, RecipeCall call, nn.Module made, bool isNative)
    {
        Dictionary<string, Tensor> own = ModelInventory.TensorsOf(made).ToDictionary(entry => entry.Name, entry => entry.Tensor);
        if (call.Tensors.Count == 0 && isNative)
            return; // made to be copied
        foreach (string name in own.Keys.Union(call.Tensors.Keys, StringComparer.Ordinal))
        {
            if (
                !own.TryGetValue(name, out Tensor? tensor)
                || !call.Tensors.TryGetValue(name, out RecipeTensor? told)
                || told.Type != tensor.dtype
                || !tensor.shape.AsSpan().SequenceEqual(told.Small)
            )
                throw Wrong(path, $"the {Quoted.Text(call.Class)} that was made has another '{Quoted.Text(name)}' than the recipe says");
            if (isNative)
                tensor.copy_(tensors.Peek(told.Stored!));
            tensors.Use(told.Stored!, tensor);
        }
    }

    private static string Names(RecipeCall call) => string.Join(", ", call.Arguments.Keys.Select(Quoted.Text));

    private SmallModelException Wrong(string path, string found, Exception? cause = null) =>
        new(
            SmallModelCodes.BadRecipe,
            file,
            $"its recipe for '{Quoted.Text(path)}' is wrong: {found}. The model is unchanged; do not trust the file.",
            inner: cause
        );
}
