using System.Reflection;
using Speedup.Core.CodeWriting.Plans;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.PyTorch;

/// <summary>Writes calls in Python, each by the function that TorchSharp has taken its name from.</summary>
internal sealed class PyTorchCalls(CodePlan plan, List<string> reasons)
{
    /// <summary>Results of LSTMs, which PyTorch gives as the output and a pair of states.</summary>
    private readonly HashSet<int> _states = [.. plan.Steps.Where(step => step.Module?.Module is LSTM).SelectMany(step => step.Results)];

    /// <summary>The variables that take the results.</summary>
    public Variables Variables { get; } = new(plan);

    /// <summary>Writes the call that makes a module.</summary>
    /// <param name="path">Where the module is in the model.</param>
    /// <param name="factory">The function.</param>
    /// <param name="arguments">Its arguments.</param>
    public string Make(string path, MethodInfo factory, IReadOnlyList<CodeArgument> arguments) =>
        $"nn.{factory.Name}({WriteAll(factory.Name, path, arguments)})";

    /// <summary>Writes a step, without what takes its result.</summary>
    public string Write(CodeStep step)
    {
        MethodInfo method = step.Method;
        CodeArgument[] arguments = [.. step.Arguments.Where(argument => argument.Parameter is not null)];
        if (step.Module is { } module)
            return $"self.{module.Name}({WriteAll("call", step.Name, arguments)})";
        if (OperatorSymbols.Find(method.Name) is { } symbol)
            return arguments.Length == 1
                ? $"{symbol}{WriteOperand(arguments[0])}"
                : $"{WriteOperand(arguments[0])} {symbol} {WriteOperand(arguments[1])}";
        if (method.Name == "op_Implicit")
            return WriteTensor(arguments[0].Value);
        if (method.IsStatic)
            return WriteFunction(step, arguments);
        string target = Write(step.Arguments[0].Value);
        return method switch
        {
            { IsSpecialName: true } when IsGetter(method) && arguments.Length > 0 => $"{target}[{WriteIndices(arguments)}]",
            { IsSpecialName: true } when !IsGetter(method) && arguments.Length > 1 =>
                $"{target}[{WriteIndices(arguments[..^1])}] = {Write(arguments[^1].Value)}",
            { IsSpecialName: true } when IsGetter(method) => $"{target}.{method.Name[4..]}",
            { IsSpecialName: true } => Refuse(step.Name, "is a property that is written to"),
            { Name: "slice" }
                when arguments is [{ Value: CodeValue.Literal { Value: long axis and >= 0 } }, var start, var stop, var stride] =>
                $"{target}[{string.Concat(Enumerable.Repeat(":, ", (int)axis))}{Write(start.Value)}:{Write(stop.Value)}:{Write(stride.Value)}]",
            { Name: "to" } when arguments is [{ Value: CodeValue.Reference or CodeValue.Literal { Value: ScalarType } }, ..] =>
                $"{target}.to({Write(arguments[0].Value)})",
            _ => WriteMethod(step, target, arguments),
        };
    }

    /// <summary>Writes what stands for a tensor.</summary>
    public string Refer(int value)
    {
        if (plan.Tensors.TryGetValue(value, out CodeTensor? tensor))
            return tensor.Owner is { } owner ? $"self.{owner.Name}.{tensor.Name}" : $"self.{tensor.Name}";
        (string name, ResultPlace? place) = Variables.Find(value);
        return place is null ? name
            : _states.Contains(value) && place.Index > 0 ? $"{name}[1][{place.Index - 1}]"
            : $"{name}[{place.Index}]";
    }

    private static bool IsGetter(MethodInfo method) => method.Name.StartsWith("get_", StringComparison.Ordinal);

    private string WriteMethod(CodeStep step, string target, CodeArgument[] arguments)
    {
        string name = step.Method.Name;
        string given = WriteAll(name, step.Name, arguments);
        return PyTorchFunctions.PlaceOfMethod(name) switch
        {
            null => Refuse(step.Name, "is a method"),
            "" => $"{target}.{name}({given})",
            var place => $"{place}.{name}({target}{(given.Length > 0 ? ", " : "")}{given})",
        };
    }

    private string WriteFunction(CodeStep step, CodeArgument[] arguments) =>
        PyTorchAttention.Is(step.Method) ? $"{step.Method.Name}({WriteAll(step.Method.Name, step.Name, arguments)})"
        : PyTorchFunctions.PlaceOf(step.Method) is { } place
            ? $"{place}.{step.Method.Name}({WriteAll(step.Method.Name, step.Name, arguments)})"
        : Refuse(step.Name, "is a function");

    /// <summary>A number as a tensor, of the type that C# gives it.</summary>
    private string WriteTensor(CodeValue value) =>
        value is CodeValue.Literal { Value: double or int or short or sbyte or byte } literal
            ? $"torch.tensor({Write(value)}, dtype={PyTorchLiterals.Write(PyTorchNames.TypeOf(literal.Value))})"
            : $"torch.tensor({Write(value)})";

    /// <summary>What must be given by position, the rest by name; lengths that C# takes one by one as a tuple.</summary>
    private string WriteAll(string function, string call, IReadOnlyList<CodeArgument> arguments)
    {
        var written = new List<string>();
        CodeArgument[] lengths = [.. arguments.Where(argument => PyTorchNames.IsLength(function, argument.Parameter!))];
        foreach (CodeArgument argument in arguments.Where(argument => !argument.IsDefault))
        {
            if (lengths.Contains(argument))
            {
                if (argument == lengths[0])
                    written.Add(PyTorchLiterals.WriteTuple([.. lengths.Select(length => Write(length.Value))]));
                continue;
            }
            ParameterInfo parameter = argument.Parameter!;
            string name = parameter.Name!;
            bool isOptional = parameter.HasDefaultValue;
            if (PyTorchNames.Lacks(function, name))
            {
                if (argument.Value is not CodeValue.Literal { Value: false } || name == "bias")
                    Refuse(call, $"has a '{name}'");
                continue;
            }
            string text = argument.Value is CodeValue.Construction inner
                ? Make(call, inner.Factory, inner.Arguments)
                : Write(argument.Value);
            if (parameter.IsDefined(typeof(ParamArrayAttribute)) && argument.Value is CodeValue.Items items)
                written.AddRange(items.Values.Select(Write));
            else
                written.Add(isOptional ? $"{PyTorchNames.ParameterOf(function, name)}={text}" : text);
        }
        return string.Join(", ", written);
    }

    private string WriteIndices(IEnumerable<CodeArgument> arguments) =>
        string.Join(
            ", ",
            arguments.SelectMany(argument => argument.Value is CodeValue.Items items ? items.Values : [argument.Value]).Select(Write)
        );

    private string WriteOperand(CodeArgument argument) => OperatorSymbols.Enclose(argument.Value, Write(argument.Value));

    private string Write(CodeValue value) =>
        value switch
        {
            CodeValue.Literal literal => PyTorchLiterals.Write(literal.Value),
            CodeValue.Reference reference => Refer(reference.Value),
            CodeValue.Size size => size.Expression.Write(term => $"{Refer(term.Value)}.shape[{term.Axis}]", "//"),
            CodeValue.Items { IsTuple: false } items when items.Values.Any(item => item is CodeValue.Reference) =>
                $"[{string.Join(", ", items.Values.Select(Write))}]",
            CodeValue.Items items => PyTorchLiterals.WriteTuple([.. items.Values.Select(Write)]),
            CodeValue.InputDevice => $"{plan.Inputs[0].Name}.device",
            CodeValue.Training => "self.training",
            CodeValue.Range range => $"{End(range.Start)}:{End(range.Stop)}{(range.Step is null ? "" : $":{End(range.Step)}")}",
            CodeValue.Ellipsis => "...",
            CodeValue.NewAxis => "None",
            _ => throw new InvalidOperationException($"{value.GetType()} is no argument."),
        };

    private string End(CodeValue? end) => end is null ? "" : Write(end);

    private string Refuse(string call, string reason)
    {
        reasons.Add($"{call} {reason}, which PyTorch does not have.");
        return "";
    }
}
