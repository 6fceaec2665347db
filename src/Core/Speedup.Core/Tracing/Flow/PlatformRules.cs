using System.Reflection;
using Speedup.Core.Graph;

namespace Speedup.Core.Tracing.Flow;

/// <summary>
/// Methods of the platform, whose bodies are not looked at: the result depends on all arguments, and unless the method is known to only
/// look at them, each may be written to each.
/// </summary>
internal sealed class PlatformRules(ICodeFlow program, LoopRanges loops)
{
    /// <summary>A call.</summary>
    public FlowValue Call(MethodInfo method, FlowValue[] arguments, int offset)
    {
        ConditionKind kinds = KnownOrigins.OfPlatform(method);
        FlowVariable result = new(method.ReturnType == typeof(void) ? typeof(object) : method.ReturnType);
        result.Own.Add(kinds);
        result.Content?.Add(kinds);
        bool isPart = !method.IsStatic && !PureCalls.IsCopying(method);
        bool shares = isPart || !FlowTypes.IsCopy(method.ReturnType);
        foreach (FlowValue argument in arguments)
        {
            Pour(argument, result, shares);
            if (FunctionOf(argument.Type) is { } function)
                CallBack(function, arguments, kinds, result);
        }
        if (!PureCalls.Contains(method))
            Write(method, arguments, kinds, offset);
        WriteReferences(method, arguments, kinds);
        return method.ReturnType == typeof(void) ? FlowValue.Clean(typeof(void)) : result.Value;
    }

    /// <summary>A new object.</summary>
    public FlowValue Make(ConstructorInfo constructor, FlowValue[] arguments)
    {
        Type type = constructor.DeclaringType!;
        var made = new FlowVariable(type);
        bool shares = !FlowTypes.IsCopy(type);
        foreach (FlowValue argument in arguments)
        {
            Pour(argument, made, shares);
            if (FunctionOf(argument.Type) is { } function)
                CallBack(function, arguments, KnownOrigins.OfPlatform(constructor), made);
        }
        made.Own.Add(KnownOrigins.OfPlatform(constructor));
        return made.Value with { IsFresh = true };
    }

    /// <summary>Puts arguments into an object that is made in place.</summary>
    public static void Fill(FlowValue made, IEnumerable<FlowValue> arguments)
    {
        foreach (FlowValue argument in arguments)
        {
            if (made.Own is not null)
                argument.Own?.FlowTo(made.Own, FlowEdge.Value);
            FlowNodes.Put(made, argument);
        }
    }

    private static void Pour(FlowValue argument, FlowVariable result, bool shares)
    {
        bool isTensor = FlowTypes.IsTensor(argument.Type);
        FlowEdge edge = isTensor ? FlowEdge.Chance : FlowEdge.Value;
        argument.Own?.FlowTo(result.Own, FlowEdge.Value);
        argument.Content?.FlowTo(result.Own, FlowTypes.IsTensor(result.Type) ? FlowEdge.Chance : FlowEdge.Value);
        if (result.Content is not { } content)
            return;
        argument.Own?.FlowTo(content, edge);
        if (shares)
            FlowVariable.Alias(argument.Content, content);
        else
            argument.Content?.FlowTo(content, FlowEdge.Value);
    }

    /// <summary>A method that is given a function calls it on what it is given, and returns what that returns.</summary>
    private void CallBack(FlowSignature function, FlowValue[] arguments, ConditionKind kinds, FlowVariable result)
    {
        foreach (FlowVariable parameter in function.Arguments)
        {
            parameter.Own.Add(kinds);
            foreach (FlowValue argument in arguments.Where(argument => FunctionOf(argument.Type) is null))
                Pour(argument, parameter, shares: true);
        }
        Pour(function.Result.Value, result, shares: true);
    }

    private FlowSignature? FunctionOf(Type? type)
    {
        if (type is null)
            return null;
        if (typeof(Delegate).IsAssignableFrom(type))
            return program.Delegates(type);
        for (Type? at = type; at is not null; at = at.BaseType)
        {
            if (FSharpFunctions.IsFunction(at) && at.GetMethod("Invoke", at.GetGenericArguments()[..1]) is { } invoke)
                return program.Virtual(invoke);
        }
        return null;
    }

    private void Write(MethodInfo method, FlowValue[] arguments, ConditionKind kinds, int offset)
    {
        bool writesAll = method.IsStatic && (method.DeclaringType == typeof(Array) || method.DeclaringType == typeof(Buffer));
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Content is not { } content || FunctionOf(arguments[i].Type) is not null)
                continue;
            foreach (FlowValue other in arguments.Where((_, j) => j != i))
                FlowNodes.Put(arguments[i], other);
            content.Add(kinds);
            loops.Written(content, offset);
            if (writesAll || (i == 0 && !method.IsStatic))
                content.Mutate();
        }
    }

    /// <summary>What is passed by reference may be written, even by a method that else only looks.</summary>
    private static void WriteReferences(MethodInfo method, FlowValue[] arguments, ConditionKind kinds)
    {
        int first = method.IsStatic ? 0 : 1;
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            FlowValue argument = arguments[first + parameter.Position];
            if (!parameter.ParameterType.IsByRef || parameter.IsIn || argument.Own is not { } own)
                continue;
            own.Add(kinds);
            foreach (FlowValue other in arguments.Where((_, i) => i != first + parameter.Position))
                Fill(argument, [other]);
            foreach (FlowValue other in arguments.Where((_, i) => i != first + parameter.Position))
                other.Content?.FlowTo(own, FlowTypes.IsTensor(argument.Type) ? FlowEdge.Chance : FlowEdge.Value);
            if (argument is { IsField: true, IsFresh: false })
                own.Add(ConditionKind.State);
        }
    }
}
