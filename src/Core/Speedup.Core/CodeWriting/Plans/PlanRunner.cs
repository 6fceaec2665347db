using Speedup.Core.Probing;
using Speedup.Core.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>Does what the code of a plan will do, call by call.</summary>
/// <param name="plan">The plan.</param>
/// <param name="moduleOf">The module that is called in place of one of the model's, or that itself.</param>
internal sealed class PlanRunner(CodePlan plan, Func<CodeModule, nn.Module> moduleOf)
{
    /// <summary>Runs the plan on copies of inputs.</summary>
    /// <returns>The outputs, which belong to the caller's dispose scope.</returns>
    /// <param name="inputs">The inputs.</param>
    /// <param name="note">Told of each value that a call has made, before the next call; may be left out.</param>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, Action<int, Tensor>? note = null)
    {
        var values = plan.Tensors.ToDictionary(entry => entry.Key, entry => TensorOf(entry.Value));
        foreach (((int value, _), Tensor copy) in plan.Inputs.Zip(ModelCall.Copy(inputs)))
            values[value] = copy;
        foreach (CodeStep step in plan.Steps)
        {
            Run(step, values, inputs[0].device);
            foreach (int result in step.Results)
                note?.Invoke(result, values[result]);
        }
        return [.. plan.Outputs.Select(output => values[output].detach().clone())];
    }

    private Tensor TensorOf(CodeTensor tensor) => tensor.Owner is { } owner ? moduleOf(owner).state_dict()[tensor.Name] : tensor.Tensor;

    private void Run(CodeStep step, Dictionary<int, Tensor> values, Device device)
    {
        object?[] arguments =
        [
            .. step
                .Arguments.Where(argument => argument.Parameter is not null)
                .Select(argument => Make(argument.Value, argument.Parameter!.ParameterType)),
        ];
        object? target = step.Module is { } module
            ? moduleOf(module)
            : step
                .Arguments.Where(argument => argument.Parameter is null)
                .Select(argument => Make(argument.Value, typeof(Tensor)))
                .FirstOrDefault();
        object? result = SpanCall.Find(step.Method)(target, arguments);
        foreach ((int index, int value) in step.Results.Index())
            values[value] = ResultOf(step, index, result) ?? values[step.Reads.First()]; // nothing is returned: the first tensor has changed

        static Tensor? ResultOf(CodeStep step, int index, object? result) =>
            step.Places is { } places ? places[index].Take(result!) : (Tensor?)result;

        object? Make(CodeValue value, Type type) => MakeValue(value, Nullable.GetUnderlyingType(type) ?? type, values, device);
    }

    private static object? MakeValue(CodeValue value, Type type, Dictionary<int, Tensor> values, Device device) =>
        value switch
        {
            CodeValue.Reference reference => type == typeof(TensorIndex)
                ? TensorIndex.Tensor(values[reference.Value])
                : values[reference.Value],
            CodeValue.InputDevice => type == typeof(Device) ? device : device.ToString(),
            CodeValue.Training => false,
            CodeValue.Literal literal => Convert(literal.Value, type),
            CodeValue.Size size => Convert(size.Expression.Evaluate(id => values[id].shape), type),
            CodeValue.Ellipsis => TensorIndex.Ellipsis,
            CodeValue.NewAxis => TensorIndex.Null,
            CodeValue.Range range => TensorIndex.Slice(
                EndOf(range.Start, values, device),
                EndOf(range.Stop, values, device),
                EndOf(range.Step, values, device)
            ),
            CodeValue.Items items => MakeItems(items, type, values, device),
            _ => throw new InvalidOperationException($"{value.GetType()} is no argument."),
        };

    private static long? EndOf(CodeValue? end, Dictionary<int, Tensor> values, Device device) =>
        end is null ? null : (long)MakeValue(end, typeof(long), values, device)!;

    private static object MakeItems(CodeValue.Items items, Type type, Dictionary<int, Tensor> values, Device device)
    {
        if (items.IsTuple)
            return Activator.CreateInstance(
                type,
                [
                    .. items.Values.Zip(
                        type.GetGenericArguments(),
                        (item, itemType) => MakeValue(item, Nullable.GetUnderlyingType(itemType) ?? itemType, values, device)
                    ),
                ]
            )!;
        if (type == typeof(Size))
            return new Size([.. items.Values.Select(item => (long)MakeValue(item, typeof(long), values, device)!)]);
        Type item = type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[0];
        Array array = Array.CreateInstance(item, items.Values.Count);
        for (int i = 0; i < array.Length; i++)
            array.SetValue(MakeValue(items.Values[i], Nullable.GetUnderlyingType(item) ?? item, values, device), i);
        return type.IsInstanceOfType(array) || type.IsByRefLike ? array : Activator.CreateInstance(type, array)!;
    }

    private static object? Convert(object? value, Type type) =>
        value switch
        {
            null => null,
            _ when type.IsInstanceOfType(value) => value,
            _ when type == typeof(Scalar) => ToScalar(value),
            _ when type == typeof(TensorIndex) => value is bool truth
                ? TensorIndex.Bool(truth)
                : TensorIndex.Single(System.Convert.ToInt64(value, null)),
            IConvertible when type.IsPrimitive => System.Convert.ChangeType(value, type, null),
            _ => value,
        };

    private static Scalar ToScalar(object value) =>
        value switch
        {
            bool truth => truth.ToScalar(),
            float number => number.ToScalar(),
            double number => number.ToScalar(),
            _ => System.Convert.ToInt64(value, null).ToScalar(),
        };
}
