// The published interface as text; docs/io.stationd.varlink is the same file for people.

/// Names and descriptions of the interfaces that a station serves.
public enum ControlInterface {
    public static let station = "io.stationd"
    public static let service = "org.varlink.service"

    /// Every interface with its description, in the order that `GetInfo` lists them.
    public static let descriptions = [
        (name: service, text: serviceText), (name: station, text: stationText),
    ]

    /// As every Varlink service has it: varlink.org, "Service".
    static let serviceText = """
        # The Varlink Service Interface is provided by every varlink service. It
        # describes the service and the interfaces it implements.
        interface org.varlink.service

        # Get a list of all the interfaces a service provides and information
        # about the implementation.
        method GetInfo() -> (
          vendor: string,
          product: string,
          version: string,
          url: string,
          interfaces: []string
        )

        # Get the description of an interface that is implemented by this service.
        method GetInterfaceDescription(interface: string) -> (description: string)

        # The requested interface was not found.
        error InterfaceNotFound (interface: string)

        # The requested method was not found
        error MethodNotFound (method: string)

        # The interface defines the requested method, but the service does not
        # implement it.
        error MethodNotImplemented (method: string)

        # One of the passed parameters is invalid.
        error InvalidParameter (parameter: string)

        # Method is expected to be called with 'more' set to true, but wasn't
        error ExpectedMore ()

        """
}
