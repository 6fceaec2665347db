using System.Reflection;
using Speedup.Core.CodeWriting.Plans;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.CSharp;

/// <summary>Writes calls in C#, each by the method that was traced.</summary>
internal sealed class CSharpCalls(CodePlan plan, List<string> reasons)
{
    /// <summary>The variables that take the results.</summary>
    public Variables Variables { get; } = new(plan);

    /// <summary>Writes the call that makes a module.</summary>
    public static string Make(MethodInfo factory, IReadOnlyList<CodeArgument> arguments) =>
        $"nn.{factory.Name}({string.Join(", ", NameArguments(arguments, argument => MakeValue(argument.Value)))})";

    private static string MakeValue(CodeValue value) =>
        value is CodeValue.Construction inner
            ? Make(inner.Factory, inner.Arguments)
            : CSharpLiterals.Write(((CodeValue.Literal)value).Value);

    /// <summary>Writes a step, without what takes its result.</summary>
    public string Write(CodeStep step)
    {
        MethodInfo method = step.Method;
        CodeArgument[] arguments = [.. step.Arguments.Where(argument => argument.Parameter is not null)];
        if (step.Module is { } module)
            return $"{module.Name}.call({WriteAll(arguments)})";
        if (OperatorSymbols.Find(method.Name) is { } symbol)
            return arguments.Length == 1
                ? $"{symbol}{WriteOperand(arguments[0])}"
                : $"{WriteOperand(arguments[0])} {symbol} {WriteOperand(arguments[1])}";
        if (method.Name == "op_Implicit")
            return $"(Tensor){WriteOperand(arguments[0])}";
        if (method.IsStatic)
            return $"{NameOf(method.DeclaringType!)}.{method.Name}({WriteAll(arguments)})";
        string target = Write(step.Arguments[0].Value, typeof(Tensor));
        return method switch
        {
            { IsSpecialName: true } when IsGetter(method) && arguments.Length > 0 => $"{target}[{WriteIndices(arguments)}]",
            { IsSpecialName: true } when !IsGetter(method) && arguments.Length > 1 =>
                $"{target}[{WriteIndices(arguments[..^1])}] = {Write(arguments[^1])}",
            { IsSpecialName: true } when IsGetter(method) => $"{target}.{method.Name[4..]}",
            { IsSpecialName: true } => Refuse(step, "", "is a property that is written to"),
            _ => $"{target}.{method.Name}({WriteAll(arguments)})",
        };
    }

    /// <summary>Writes what stands for a tensor.</summary>
    public string Refer(int value)
    {
        if (plan.Tensors.TryGetValue(value, out CodeTensor? tensor))
        {
            if (tensor.Owner is not { } owner)
                return tensor.Name;
            return owner.Module.GetType().GetProperty(tensor.Name) is not null ? $"{owner.Name}.{tensor.Name}"
                : tensor.Tensor is TorchSharp.Modules.Parameter ? $"{owner.Name}.get_parameter({CSharpLiterals.Write(tensor.Name)})"
                : $"{owner.Name}.get_buffer({CSharpLiterals.Write(tensor.Name)})";
        }
        (string name, ResultPlace? place) = Variables.Find(value);
        return place switch
        {
            null => name,
            { IsTuple: true } => $"{name}.Item{place.Index + 1}",
            _ => $"{name}[{place.Index}]",
        };
    }

    private static string NameOf(Type type) => type == typeof(TorchSharp.torch) ? "torch" : CSharpLiterals.NameOf(type);

    private string WriteAll(IReadOnlyList<CodeArgument> arguments) => string.Join(", ", NameArguments(arguments, Write));

    private static bool IsGetter(MethodInfo method) => method.Name.StartsWith("get_", StringComparison.Ordinal);

    /// <summary>What must be given by position, the rest by name.</summary>
    private static IEnumerable<string> NameArguments(IReadOnlyList<CodeArgument> arguments, Func<CodeArgument, string> write)
    {
        foreach (CodeArgument argument in arguments.Where(argument => !argument.IsDefault))
        {
            ParameterInfo parameter = argument.Parameter!;
            bool spreads = parameter.IsDefined(typeof(ParamArrayAttribute)) && argument.Value is CodeValue.Items;
            string text = write(argument);
            yield return parameter.HasDefaultValue ? $"{CSharpNames.Escape(parameter.Name!)}: {text}"
            : spreads ? text[1..^1]
            : text;
        }
    }

    private string WriteIndices(IEnumerable<CodeArgument> arguments) =>
        string.Join(
            ", ",
            arguments.SelectMany(argument => argument.Value is CodeValue.Items items ? items.Values : [argument.Value]).Select(WriteIndex)
        );

    private string WriteIndex(CodeValue index) =>
        index switch
        {
            CodeValue.Range { Step: null } range => $"TensorIndex.Slice({End(range.Start)}, {End(range.Stop)})",
            CodeValue.Range range => $"TensorIndex.Slice({End(range.Start)}, {End(range.Stop)}, {End(range.Step)})",
            CodeValue.Ellipsis => "TensorIndex.Ellipsis",
            CodeValue.NewAxis => "TensorIndex.Null",
            CodeValue.Literal { Value: bool truth } => $"TensorIndex.Bool({CSharpLiterals.Write(truth)})",
            CodeValue.Reference reference => $"TensorIndex.Tensor({Refer(reference.Value)})",
            _ => Write(index, typeof(long)),
        };

    private string End(CodeValue? value) => value is null ? "null" : Write(value, typeof(long));

    private string WriteOperand(CodeArgument argument) => OperatorSymbols.Enclose(argument.Value, Write(argument));

    private string Write(CodeArgument argument) => Write(argument.Value, argument.Parameter!.ParameterType);

    private string Write(CodeValue value, Type type) =>
        value switch
        {
            CodeValue.Literal literal => CSharpLiterals.Write(literal.Value),
            CodeValue.Reference reference => Refer(reference.Value),
            CodeValue.Size size => WriteSize(size.Expression, type),
            CodeValue.Items { IsTuple: true } items => $"({WriteItems(items, typeof(long))})",
            CodeValue.Items items when type == typeof(Size) => $"new long[] {{ {WriteItems(items, typeof(long))} }}",
            CodeValue.Items items => $"[{WriteItems(items, ItemOf(type))}]",
            CodeValue.InputDevice => $"{plan.Inputs[0].Name}.device",
            CodeValue.Training => "training",
            _ => WriteIndex(value),
        };

    private string WriteItems(CodeValue.Items items, Type type) => string.Join(", ", items.Values.Select(item => Write(item, type)));

    private string WriteSize(SizeExpression expression, Type type)
    {
        string text = expression.Write(term => $"{Refer(term.Value)}.shape[{term.Axis}]", "/");
        return (Nullable.GetUnderlyingType(type) ?? type) == typeof(int) ? $"(int)({text})" : text;
    }

    private static Type ItemOf(Type type) =>
        type.IsArray ? type.GetElementType()!
        : type.IsGenericType ? type.GetGenericArguments()[0]
        : typeof(long);

    private string Refuse(CodeStep step, string text, string reason)
    {
        reasons.Add($"{step.Name} {reason}, which cannot be written in C#.");
        return text;
    }
}
